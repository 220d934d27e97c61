"""A slow line between a phone and its server: so many bytes a second, so long a way, and a count of what passed."""

import asyncio
import threading
import time


class SlowLine:
    """Forwards connections on loopback. Without a `rate` (bytes a second) it is as fast as the machine."""

    def __init__(self, target: int) -> None:
        self.target, self.port = target, 0
        self.rate: int | None = None
        self.delay = 0.0
        self.down = self.up = 0
        self._free_at = 0.0
        started = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve(started)), daemon=True).start()
        started.wait()

    def slow_down(self, kbit: int, round_trip_ms: int) -> None:
        """From now on."""
        self.rate, self.delay = kbit * 125, round_trip_ms / 2000

    def speed_up(self) -> None:
        """As fast as the machine again."""
        self.rate, self.delay = None, 0.0

    def count(self) -> int:
        """Bytes towards the phone since the last count, headers included."""
        self.down, found = 0, self.down
        return found

    async def _serve(self, started: threading.Event) -> None:
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await server.serve_forever()

    async def _connect(self, phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        try:
            server, to_server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            to_phone.close()
            return
        await asyncio.gather(self._pass(phone, to_server, down=False), self._pass(server, to_phone, down=True))

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, down: bool) -> None:
        """Pieces leave one after the other at the line's rate and arrive after the delay."""
        line: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        sender = asyncio.create_task(_deliver(line, target))
        try:
            while piece := await source.read(4_096):
                await line.put((await self._through(len(piece), down=down), piece))
        except OSError:
            pass
        await line.put((0.0, b""))
        await sender

    async def _through(self, size: int, *, down: bool) -> float:
        if down:
            self.down += size
        now = time.monotonic()
        if down and self.rate:
            self._free_at = max(now, self._free_at) + size / self.rate
            await asyncio.sleep(self._free_at - now)
        return time.monotonic() + self.delay


async def _deliver(line: asyncio.Queue[tuple[float, bytes]], target: asyncio.StreamWriter) -> None:
    try:
        while (item := await line.get())[1]:
            await asyncio.sleep(max(0.0, item[0] - time.monotonic()))
            target.write(item[1])
            await target.drain()
    except OSError:
        pass
    target.close()
