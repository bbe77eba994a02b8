"""The whole app stops in the middle of an upload; the browser sends it again, by the same key."""

import signal

import pytest

from tests.faults.site import Site

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_an_upload_cut_by_the_end_of_the_app_is_one_photo(
    site: Site, number: signal.Signals
) -> None:
    *queued, cut = site.new_uploads(4)
    for upload in queued:
        site.send(upload)
    with site.half_sent(cut):
        site.stop(number)
    site.launcher.start()
    for upload in [*queued, cut, cut]:
        site.send(upload)
    site.check_ready(*queued, cut)
