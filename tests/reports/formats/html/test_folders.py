from __future__ import annotations

from nonce_migrate.reports.formats.html.folders import REST, TOP, group, order


def test_folders_are_as_deep_as_their_number_allows() -> None:
    paths = ["a/x/1.py", "a/y/2.py", "b/z/3.py", "main.py"]

    assert group(paths, 4)["a/x/1.py"] == "a/x/"
    assert group(paths, 3)["a/x/1.py"] == group(paths, 3)["a/y/2.py"] == "a/"
    assert group(paths, 3)["main.py"] == TOP


def test_the_smallest_of_too_many_outermost_folders_become_one() -> None:
    paths = [f"service{i}/f{j}.py" for i in range(9) for j in range(9 - i)]

    names = group(paths, 4)

    assert sorted(set(names.values()), key=order) == ["service0/", "service1/", "service2/", REST]


def test_many_siblings_are_told_apart_though_one_folder_would_hold_them_all() -> None:
    """The easy version goes up until they fit, and shows `services/` alone."""
    paths = [f"services/bot{i:02}/main.py" for i in range(40)]

    names = set(group(paths, 24).values())

    assert len(names) == 24
    assert {"services/bot00/", REST} < names


def test_no_paths_have_no_folders() -> None:
    assert group([], 3) == {}
