include $(sort $(wildcard $(BR2_EXTERNAL_ROSOCK_PATH)/package/*/*.mk))
