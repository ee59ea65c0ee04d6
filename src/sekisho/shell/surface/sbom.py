"""The software bill of materials, CycloneDX 1.6, made of an inventory.

A component's `bom-ref` is its package URL, so that a VEX statement can name it. The same inventory at
the same time makes the same bytes.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from cyclonedx.model.bom_ref import BomRef

    from sekisho.gate.inventory import Carried, CompiledFile, Distribution, Inventory

VERSION = SchemaVersion.V1_6
_NAMESPACE = uuid.UUID("5c3d8a5e-8a5b-5d7c-9d43-6a6d0f6f4c11")
"""Of serial numbers of our own bills; any fixed number does."""


def bill_of(inventory: Inventory, at: datetime) -> Bom:
    """The bill of materials of an inventory.

    Args:
        inventory: what is installed.
        at: the time that it is stated for.
    """
    parts = {d.key: _distribution(d) for d in inventory.distributions}
    product = parts.pop(inventory.own.key)
    product.type = ComponentType.APPLICATION
    interpreter = _interpreter(inventory)
    return Bom(
        components=[*parts.values(), interpreter],
        metadata=BomMetaData(component=product, timestamp=at),
        serial_number=uuid.uuid5(_NAMESPACE, _digest(inventory)),
        dependencies=_dependencies(inventory, product, parts, interpreter),
    )


def written(bom: Bom) -> str:
    """The bill as JSON text."""
    text = make_outputter(bom, OutputFormat.JSON, VERSION).output_as_string()
    return json.dumps(json.loads(text), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _distribution(found: Distribution) -> Component:
    said = [Property(name="sekisho:files", value=str(found.files))]
    if found.record_sha256 is not None:
        said.append(Property(name="sekisho:record:sha-256", value=found.record_sha256))
    licences = LicenseFactory()
    return Component(
        type=ComponentType.LIBRARY,
        bom_ref=found.purl,
        name=found.name,
        version=found.version,
        purl=PackageURL(type="pypi", name=found.key, version=found.version),
        licenses=[licences.make_from_string(found.licence)] if found.licence else [],
        properties=said,
        components=[
            *(_compiled(f, found.purl) for f in found.compiled),
            *(_carried(c, found.purl) for c in found.carries),
        ],
    )


def _compiled(file: CompiledFile, within: str) -> Component:
    stated = [HashType(alg=HashAlgorithm.SHA_256, content=file.sha256)] if file.sha256 else []
    return Component(
        type=ComponentType.FILE, bom_ref=f"{within}#{file.path}", name=file.path, hashes=stated
    )


def _carried(library: Carried, within: str) -> Component:
    return Component(
        type=ComponentType.LIBRARY,
        bom_ref=f"{within}#{library.name}@{library.version}",
        name=library.name,
        version=library.version,
        purl=PackageURL(type="generic", name=library.name, version=library.version),
    )


def _interpreter(inventory: Inventory) -> Component:
    own = inventory.interpreter
    purl = PackageURL(type="generic", name=own.name, version=own.version)
    return Component(
        type=ComponentType.PLATFORM,
        bom_ref=str(purl),
        name=own.name,
        version=own.version,
        purl=purl,
        components=[_carried(c, str(purl)) for c in inventory.carried],
    )


def _dependencies(
    inventory: Inventory, product: Component, parts: dict[str, Component], interpreter: Component
) -> Iterator[Dependency]:
    """Who asks for whom, among what is installed; everything runs on the interpreter."""
    every = {**parts, inventory.own.key: product}
    for found in inventory.distributions:
        below: list[BomRef] = [every[name].bom_ref for name in found.requires if name in every]
        if found.key == inventory.product:
            below.append(interpreter.bom_ref)
        yield Dependency(every[found.key].bom_ref, [Dependency(ref) for ref in below])


def _digest(inventory: Inventory) -> str:
    parts = [f"{d.purl} {d.record_sha256}" for d in inventory.distributions]
    return "\n".join([f"{inventory.interpreter} {inventory.carried}", *parts])
