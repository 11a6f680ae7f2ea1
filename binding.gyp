{
  "targets": [
    {
      "target_name": "rosock",
      "sources": [
        "native/addon.cc",
        "native/address.cc",
        "native/descriptors.cc",
        "native/eventfd.cc",
        "native/identifiers.cc",
        "native/lives.cc",
        "native/lock.cc",
        "native/option.cc",
        "native/poller.cc",
        "native/sha256.cc",
        "native/signals.cc",
        "native/socket.cc",
        "native/watch.cc"
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": [
        "NAPI_VERSION=8",
        "NODE_ADDON_API_DISABLE_DEPRECATED",
        "NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS",
        "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
      ],
      "cflags!": ["-fno-omit-frame-pointer"],
      "cflags_cc!": ["-std=gnu++20", "-fno-omit-frame-pointer"],
      "cflags_cc": ["-std=gnu++17", "-Wall", "-Wextra", "-fno-exceptions", "-fno-rtti", "-fvisibility=hidden"],
      "ldflags": ["-Wl,-z,relro,-z,now", "-Wl,--gc-sections"]
    }
  ]
}
