from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import pytest
from argon2 import PasswordHasher

from andu.security import passwords
from andu.security.passwords import PasswordRefused


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("九个字符的密码呀呀", "至少要 10 个字符"),
        ("a1" * 65, "最多 128 个字符"),
        ("Zhang.San-2026", "不能与用户名相同"),
        ("abababababab", "太简单"),
    ],
)
def test_weak_password_is_refused_with_the_reason(password: str, why: str) -> None:
    with pytest.raises(PasswordRefused, match=why):
        passwords.require_good(password, "zhang.san-2026")


def test_ten_varied_characters_are_enough() -> None:
    passwords.require_good("春风又绿江南岸明月何", "zhangsan")


def test_password_fits_its_own_hash_and_no_other() -> None:
    stored = passwords.hash_of("示例密码2026!")
    assert passwords.fits("示例密码2026!", stored)
    assert not passwords.fits("示例密码2026?", stored)
    assert not passwords.fits("示例密码2026!", None)
    assert not passwords.fits("示例密码2026!", "not a hash")


def test_no_password_at_all_opens_what_has_no_hash() -> None:
    nobodys_own = "nobody's password"
    assert passwords.fits(nobodys_own, passwords._nobody(passwords.QUICK))
    assert not passwords.fits(nobodys_own, None)


def test_same_password_has_another_hash_each_time() -> None:
    assert passwords.hash_of("示例密码2026!") != passwords.hash_of("示例密码2026!")


def test_full_width_digits_are_the_same_password() -> None:
    assert passwords.fits("示例密码２０２６！", passwords.hash_of("示例密码2026!"))


def test_a_process_hashes_with_argon2id_at_full_strength_whatever_its_environment_says() -> None:
    code = "from andu.security import passwords; print(passwords.hash_of('示例密码2026!'))"
    environment = {**os.environ, "ANDU_TESTING": "1", "TESTING": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.stdout.startswith("$argon2id$v=19$m=65536,t=3,p=4$"), done.stderr


class Counting(PasswordHasher):
    """Counts how many checks run at once, and against which hashes."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.lock = threading.Lock()
        self.running = self.most = 0
        self.checked: list[str | bytes] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
            self.checked.append(hash)
        time.sleep(0.01)
        with self.lock:
            self.running -= 1
        return super().verify(hash, password)


def test_at_most_two_hashes_are_computed_at_once() -> None:
    counting = Counting()
    passwords.choose(counting)
    stored = passwords.hash_of("示例密码2026!")
    with ThreadPoolExecutor(8) as crowd:
        assert all(crowd.map(lambda _: passwords.fits("示例密码2026!", stored), range(16)))
    assert counting.most == 2


def test_checking_against_nobody_costs_one_hash_of_the_same_strength() -> None:
    counting = Counting()
    passwords.choose(counting)
    stored = passwords.hash_of("示例密码2026!")
    passwords.fits("x", stored)
    passwords.fits("x", None)
    against_somebody, against_nobody = (str(hash).split("$")[:4] for hash in counting.checked)
    assert against_somebody == against_nobody
