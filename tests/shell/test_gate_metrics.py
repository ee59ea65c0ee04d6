"""Metrics on loopback, beside a gate on a real stage."""

import asyncio
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from sekisho.codec.command import Product
from sekisho.codec.decision import Reason
from sekisho.gate.tables import sealed
from sekisho.shell.gate.metrics import Metrics, page
from sekisho.shell.lab.stage import Stage
from sekisho.terms.quantity import Watts
from tests.facts.gate import scene


async def _until(true, wait_s=10.0):
    end = asyncio.get_running_loop().time() + wait_s
    while not true():
        assert asyncio.get_running_loop().time() < end, "it did not come about in time"
        await asyncio.sleep(0.02)


async def _ask(port, request):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.decode(), body.decode()


@pytest.mark.asyncio
async def test_a_gate_tells_its_metrics_on_loopback_and_nowhere_else(tmp_path):
    async with Stage(tmp_path / "stage") as stage:
        await stage.ready()
        await stage.setpoint(Watts(100_000), Product.JEPX_SPOT)
        await stage.setpoint(Watts(100_000), Product.JEPX_SPOT, life_s=3_000)
        assert stage.running.cycle is not None
        assert stage.running.engine.receive(b"{}", stage.running.cycle.image()) is None
        metrics = Metrics(0, lambda: page(stage.running))
        task = asyncio.create_task(metrics.run())
        await _until(lambda: metrics.bound is not None)
        assert metrics.bound is not None
        host, port = metrics.bound
        assert host == "127.0.0.1"
        head, body = await _ask(port, b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        assert head.startswith("HTTP/1.1 200 ")
        samples = [s for f in text_string_to_metric_families(body) for s in f.samples]
        found = {(s.name, *s.labels.values()): s.value for s in samples}
        assert found["sekisho_link_up", "pcs-1"] == 1
        assert found["sekisho_watchdog", "pcs-1", "armed"] == 1
        assert found["sekisho_reads_total", "pcs-1"] > 0
        assert found["sekisho_north_up",] == 1
        assert found["sekisho_decisions_total", "accepted", ""] == 1
        assert found["sekisho_decisions_total", "refused", "life-too-long"] == 1
        assert found["sekisho_decisions_total", "refused", "form"] == 1
        decisions = [one for one in found if one[0] == "sekisho_decisions_total"]
        assert len(decisions) == 2 + len(Reason)
        assert found["sekisho_latch", "remote-stop"] == 0
        assert 0 < found["sekisho_state_of_charge_ratio",] < 1
        assert str(stage.running.engine.gate.durable.session) not in body
        assert (await _ask(port, b"GET /status HTTP/1.1\r\n\r\n"))[0].startswith("HTTP/1.1 404")
        assert (await _ask(port, b"POST /metrics HTTP/1.1\r\n\r\n"))[0].startswith("HTTP/1.1 405")
        second = Metrics(port, lambda: b"")
        await second.run()
        assert second.trouble
        task.cancel()


def test_a_metrics_port_asks_for_no_new_commissioning():
    plain = sealed(scene.SETTINGS, {})
    assert sealed(replace(scene.SETTINGS, metrics_port=9_100), {}).digest == plain.digest
    assert sealed(replace(scene.SETTINGS, cycle_ms=200), {}).digest != plain.digest
