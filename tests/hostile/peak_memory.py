"""The most memory that a process had, as a program for the process itself to print."""

PEAK = """
def peak():
    import resource
    from pathlib import Path

    # What the system counts for a process includes what its parent had when it was started; this is its own alone.
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
"""
"""Defines ``peak()``: in units of 1,024 bytes."""
