#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Runs the suites of kvm-arm64-abi, or one shard of them, on /dev/kvm of this machine.

# shellcheck disable=SC1091
. ../../lib/sh-test-lib

OUTPUT="$(pwd)/output"
RESULT_FILE="${OUTPUT}/result.txt"
export RESULT_FILE
SKIP_INSTALL="false"
TEST_DIR="/opt/kvm-arm64-abi"
GIT_URL=""
GIT_REF="main"
TARGET="native"
TIMEOUT="3600"
SHARD_NUMBER=1
SHARD_INDEX=1

usage() {
    echo "Usage: $0 [-s <true|false>] [-p <folder of the suites>] [-u <git url>] [-g <git reference>]
                    [-t <target>] [-T <seconds>] [-n <number of shards>] [-i <shard>]" 1>&2
    exit 1
}

while getopts "s:p:u:g:t:T:n:i:h" o; do
    case "$o" in
        s) SKIP_INSTALL="${OPTARG}" ;;
        p) TEST_DIR="${OPTARG}" ;;
        u) GIT_URL="${OPTARG}" ;;
        g) GIT_REF="${OPTARG}" ;;
        t) TARGET="${OPTARG}" ;;
        T) TIMEOUT="${OPTARG}" ;;
        n) SHARD_NUMBER="${OPTARG}" ;;
        i) SHARD_INDEX="${OPTARG}" ;;
        h|*) usage ;;
    esac
done

install() {
    dist_name
    # shellcheck disable=SC2154
    case "${dist}" in
        fedora) pkgs="nodejs npm gcc gcc-c++ make python3 git" ;;
        *) pkgs="nodejs npm gcc g++ make python3 git" ;;
    esac
    install_deps "${pkgs}" "${SKIP_INSTALL}"
}

get_suites() {
    [ -n "${GIT_URL}" ] || error_msg "${TEST_DIR} is not there, and no git url says where to get it"
    git clone "${GIT_URL}" "${TEST_DIR}" || error_msg "${GIT_URL} cannot be cloned"
    cd "${TEST_DIR}" || exit 1
    git checkout "${GIT_REF}" || error_msg "${GIT_URL} has no ${GIT_REF}"
    npm ci --no-audit --no-fund || error_msg "the packages that the suites need cannot be installed"
}

# Test run.
! check_root && error_msg "This script must be run as root"
create_out_dir "${OUTPUT}"
install
[ -d "${TEST_DIR}" ] || get_suites
cd "${TEST_DIR}" || exit 1

info_msg "About to run shard ${SHARD_INDEX} of ${SHARD_NUMBER} of kvm-arm64-abi on ${TARGET} ..."
# A run says nothing while it plays, and LAVA takes silence for a hang.
while sleep 60 > /dev/null 2>&1; do echo "kvm-arm64-abi is at work"; done &
beat=$!
node harness/bin.js run --target "${TARGET}" --shard "${SHARD_INDEX}/${SHARD_NUMBER}" --timeout "${TIMEOUT}" \
    --reports "${OUTPUT}/reports" > "${OUTPUT}/run.log" 2>&1
status=$?
kill "${beat}"
cat "${OUTPUT}/run.log"
case "${status}" in
    # It conforms, it violates, or the machine offers nothing of what this shard is about.
    0|1|4) report_pass "kvm-arm64-abi-run" ;;
    *) report_fail "kvm-arm64-abi-run" ;;
esac
node harness/bin.js lava "${OUTPUT}/reports" | tee -a "${RESULT_FILE}"
