"""What an installed hub does by itself, while nobody looks: a backup, and a certificate that it renewed."""

import pytest

from tests.system.deploy.site_rig import HUB, Site
from tests.system.village import until

pytestmark = [pytest.mark.long, pytest.mark.timeout(2400)]

CERTIFICATE = "/var/lib/loa-hub/tls/hub.crt"


def test_the_backup_is_made_in_its_sandbox(site: Site) -> None:
    hub = site.machines[HUB]
    before = set(hub.told("ls", "/var/backups/loa").split())
    hub.told("systemctl", "start", "loa-backup.service")
    (made,) = set(hub.told("ls", "/var/backups/loa").split()) - before
    listed = hub.told("tar", "--list", "--file", f"/var/backups/loa/{made}")
    assert "hub.db" in listed


def test_the_nightly_backup_waits_for_its_hour(site: Site) -> None:
    hub = site.machines[HUB]
    assert hub.shown("loa-backup.timer", "ActiveState") == "active"
    assert " 02:15:00 " in hub.shown("loa-backup.timer", "NextElapseUSecRealtime")


def test_nginx_takes_a_renewed_certificate_up(site: Site) -> None:
    hub = site.machines[HUB]
    before = hub.shown("nginx", "StateChangeTimestampMonotonic")
    hub.told("sh", "-c", f"cp -p {CERTIFICATE} {CERTIFICATE}.new && mv {CERTIFICATE}.new {CERTIFICATE}")
    until(
        "nginx has read it",
        lambda: hub.shown("nginx", "StateChangeTimestampMonotonic") != before,
        within_s=30,
    )
