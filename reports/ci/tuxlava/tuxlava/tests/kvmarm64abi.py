# -*- coding: utf-8 -*-
#
# SPDX-License-Identifier: MIT
#
# Asks a kernel whether its KVM/arm64 interface to userspace is what it should be. tuxlava/tests/__init__.py has to import
# this, and docs/tests.md to name it. The test itself is automated/linux/kvm-arm64-abi of Linaro's test-definitions.

from tuxlava.tests import Test


class KVMArm64ABI(Test):
    devices = [
        "qemu-arm64",
        "fvp-aemva",
        "nfs-ampereone",
        "nfs-ampereone-ac04",
        "nfs-altra-max-ac02",
        "nfs-cd8180-orion-o6",
        "nfs-juno-r2",
        "nfs-bcm2711-rpi-4-b",
        "nfs-rk3399-rock-pi-4b",
    ]
    name = "kvm-arm64-abi"
    timeout = 60
    need_test_definition = True

    def render(self, **kwargs):
        kwargs["name"] = self.name
        kwargs["timeout"] = self.timeout

        # The root file system has Node; the suites with their packages come beside it.
        if "KVM_ARM64_ABI" in kwargs["parameters"]:
            kwargs["overlays"].insert(
                0,
                (
                    "kvm-arm64-abi",
                    kwargs["parameters"]["KVM_ARM64_ABI"],
                    "/opt/kvm-arm64-abi/",
                ),
            )

        return self._render("kvm-arm64-abi.yaml.jinja2", **kwargs)
