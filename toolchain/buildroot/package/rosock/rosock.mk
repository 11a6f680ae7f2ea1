################################################################################
#
# rosock
#
################################################################################

ROSOCK_VERSION = 0.1.0
ROSOCK_SOURCE = rosock-$(ROSOCK_VERSION).tgz
# The tarball that "npm pack" makes, put beside this file. It has everything,
# so nothing is fetched.
ROSOCK_SITE = $(BR2_EXTERNAL_ROSOCK_PATH)/package/rosock
ROSOCK_SITE_METHOD = file
ROSOCK_LICENSE = MIT
ROSOCK_LICENSE_FILES = LICENSE
ROSOCK_DEPENDENCIES = nodejs

# Buildroot's $(NPM) has packages compile their addons from source, with the
# target's compiler and Node's headers.
define ROSOCK_INSTALL_TARGET_CMDS
	$(NPM) install --global --offline --no-audit --no-fund $(ROSOCK_DL_DIR)/$(ROSOCK_SOURCE)
endef

$(eval $(generic-package))
