"""What a process uses: CPU time, memory, threads, open files."""

import time
from contextlib import suppress
from dataclasses import dataclass, replace

import psutil


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessUsage:
    """A process at one moment."""

    at: float
    """When, in seconds of `time.monotonic()`."""
    cpu_seconds: float
    """Seconds of CPU time since its start, in user space and in the kernel."""
    resident_bytes: int
    """Its resident memory, in bytes."""
    threads: int
    """How many threads it has."""
    descriptors: int
    """How many file descriptors it has open: files, sockets, pipes."""

    def cores_since(self, before: "ProcessUsage") -> float:
        """How many cores it kept busy on average since an earlier moment; 1.0 is one whole core."""
        return (self.cpu_seconds - before.cpu_seconds) / (self.at - before.at)


def usage_of(process_id: int) -> ProcessUsage:
    """What a process uses now, without its children.

    Raises:
        psutil.NoSuchProcess: it has ended.
    """
    process = psutil.Process(process_id)
    with process.oneshot():
        times = process.cpu_times()
        return ProcessUsage(
            at=time.monotonic(),
            cpu_seconds=times.user + times.system,
            resident_bytes=process.memory_info().rss,
            threads=process.num_threads(),
            descriptors=process.num_fds(),
        )


def usage_with_children(process_id: int) -> ProcessUsage:
    """The same, with the CPU time and memory of its children; the CPU time of ended children counts too.

    Raises:
        psutil.NoSuchProcess: it has ended.
    """
    alone = usage_of(process_id)
    process = psutil.Process(process_id)
    times = process.cpu_times()
    cpu_seconds = alone.cpu_seconds + times.children_user + times.children_system
    resident_bytes = alone.resident_bytes
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # it has just ended: its time is among the ended children's
            times = child.cpu_times()
            cpu_seconds += times.user + times.system
            resident_bytes += child.memory_info().rss
    return replace(alone, cpu_seconds=cpu_seconds, resident_bytes=resident_bytes)
