' One of two peers that send each other datagrams, as on the reference page of roDataGramSocket: a message to the peer from
' time to time, and whatever comes is printed.
'
'   rosock run examples/udp-peer.brs -- --port 5001 --peer 127.0.0.1:5002
'   rosock run examples/udp-peer.brs -- --port 5002 --peer 127.0.0.1:5001

function main(args as object) as integer
    options = { host: "0.0.0.0", port: "54321", peer: "", text: "Datagram from " + CreateObject("roDeviceInfo").getModel(), every: "10" }
    for each name in options
        if args.doesExist(name) then options[name] = args[name]
    end for
    peer = CreateObject("roSocketAddress")
    if not peer.setAddress(options.peer) or peer.getPort() = 0 then return fail("expected --peer HOST:PORT", 2)
    pause = options.every.toInt() * 1000
    if pause < 1000 then return fail("--every must be a number of seconds, at least 1", 2)
    address = CreateObject("roSocketAddress")
    address.setAddress(options.host)
    address.setPort(options.port.toInt())

    port = CreateObject("roMessagePort")
    udp = CreateObject("roDatagramSocket")
    udp.setMessagePort(port)
    if not udp.setAddress(address) then return fail("cannot receive on " + address.getAddress() + ": error " + udp.status().toStr())
    udp.setSendToAddress(peer)
    udp.notifyReadable(true)
    print "Peer on "; udp.getAddress().getAddress(); ", sends to "; peer.getAddress()

    clock = CreateObject("roTimespan")
    due = 0
    while true
        remaining = due - clock.totalMilliseconds()
        if remaining <= 0
            udp.sendStr(options.text)
            if not udp.eOK() then print "cannot send: error"; udp.status()
            due += pause
        else if type(wait(remaining, port)) = "roSocketEvent" ' Never 0 here, which would wait for ever.
            message = udp.receiveStr(512)
            if udp.eSuccess() then print "received "; quoted(message); " from "; udp.getReceivedFromAddress().getAddress()
        end if
    end while
end function

function fail(message as string, status = 1 as integer) as integer
    print "udp-peer: "; message
    return status
end function

' Text that does a terminal no harm, whoever sent it.
function quoted(text as string) as string
    return "'" + CreateObject("roRegex", "[\x00-\x1f\x7f]", "").replaceAll(text, "?") + "'"
end function
