"""A process that is forked can compare pictures: OpenCV's threads are not in it.

OpenCV keeps threads for the next call. A fork copies the memory that counts them and not the
threads; whoever then changes their number in the child, as `cv2.setNumThreads(1)` does, waits for
them without end. So they are stopped before a fork, and parent and child start their own when they
need some. A fork waits until the comparisons of other threads are through, since the child would
inherit the locks that those hold.
"""

import os
import threading

import cv2

LONGEST_WAIT = 30  # seconds that a fork waits for other threads; a comparison takes less


class Comparing:
    """A context in which a thread compares, and no other thread forks."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside: list[int] = []  # threads
        self._forks = 0  # that wait or go on
        self._threads = 0  # of OpenCV

    def __enter__(self) -> None:
        own = threading.get_ident()
        with self._changed:
            self._changed.wait_for(lambda: not self._forks or own in self._inside)
            self._inside.append(own)

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._inside.remove(threading.get_ident())
            self._changed.notify_all()

    def before_fork(self) -> None:
        """Let nobody in, wait for those inside, and stop OpenCV's threads."""
        own = threading.get_ident()
        self._changed.acquire()
        self._forks += 1
        self._changed.wait_for(lambda: {own}.issuperset(self._inside), LONGEST_WAIT)
        self._threads = cv2.getNumThreads()
        cv2.setNumThreads(1)

    def after_fork(self) -> None:
        """Let OpenCV start as many threads as before, and comparisons go on."""
        cv2.setNumThreads(self._threads)
        self._forks -= 1
        self._changed.notify_all()
        self._changed.release()

    def after_fork_in_child(self) -> None:
        """Do the same in the child, in which there is only the thread that forked."""
        cv2.setNumThreads(self._threads)
        own = [thread for thread in self._inside if thread == threading.get_ident()]
        self._changed, self._inside, self._forks = threading.Condition(), own, 0


COMPARING = Comparing()
if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(
        before=COMPARING.before_fork,
        after_in_parent=COMPARING.after_fork,
        after_in_child=COMPARING.after_fork_in_child,
    )
