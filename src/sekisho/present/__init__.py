"""One neutral document, many media: terminal, HTML, Excel, SVG, PDF; each escapes for itself."""
