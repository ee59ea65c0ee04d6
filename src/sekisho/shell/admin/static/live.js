// Asks for the moving part of the plant's page every two seconds and puts it in place.
// Everything in it was escaped by the server. Without this script the page shows the moment it was opened.
"use strict";
(() => {
  const place = document.getElementById("live");
  const late = document.getElementById("late");
  if (!place || !late) { return; }
  let asking = false;
  const look = async () => {
    if (document.hidden || asking) { return; }
    asking = true;
    try {
      const answer = await fetch("/live", { cache: "no-store", credentials: "same-origin" });
      if (answer.status === 401) { location.assign("/login"); return; }
      if (!answer.ok) { throw new Error(String(answer.status)); }
      place.innerHTML = await answer.text();
      late.hidden = true;
    } catch {
      late.hidden = false;
    } finally {
      asking = false;
    }
  };
  setInterval(look, 2000);
})();
