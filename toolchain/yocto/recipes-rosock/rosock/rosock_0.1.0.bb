SUMMARY = "Roku's socket components and BrightScript, real, on Linux"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSE;md5=796d4383139e5d9780358e29e106da12"

# The tarball that "npm pack" makes, put beside this recipe in files/. It has everything, so nothing is fetched.
SRC_URI = "file://${BPN}-${PV}.tgz"
S = "${WORKDIR}/package"

DEPENDS = "nodejs nodejs-native"
RDEPENDS:${PN} = "nodejs"

inherit python3native

# Node's names for the processors.
NODE_ARCH = "${@{'arm': 'arm', 'aarch64': 'arm64', 'x86_64': 'x64'}.get(d.getVar('TARGET_ARCH'), '')}"
NODE_GYP = "${STAGING_LIBDIR_NATIVE}/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js"
COMPATIBLE_HOST = "(arm|aarch64|x86_64).*-linux"

do_compile() {
    HOME="${WORKDIR}" LINK="${CXX}" CC_host="${BUILD_CC}" CXX_host="${BUILD_CXX}" \
        node "${NODE_GYP}" rebuild --nodedir="${STAGING_DIR_HOST}${prefix}" --arch="${NODE_ARCH}"
}

do_install() {
    install -d "${D}${libdir}/node_modules/rosock/build/Release" "${D}${bindir}"
    cp -R --no-preserve=ownership "${S}/dist" "${S}/package.json" "${S}/LICENSE" "${D}${libdir}/node_modules/rosock/"
    install -m 0755 "${B}/build/Release/rosock.node" "${D}${libdir}/node_modules/rosock/build/Release/"
    ln -s "../lib/node_modules/rosock/dist/cli/rosock.js" "${D}${bindir}/rosock"
}

FILES:${PN} += "${libdir}/node_modules/rosock"
