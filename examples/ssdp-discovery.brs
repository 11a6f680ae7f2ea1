' Finds the devices of a network by SSDP, as apps find a Roku: asks the group 239.255.255.250:1900 who is there, and prints
' the answers of the next seconds. With --answer it is one who is there.
'
'   rosock run examples/ssdp-discovery.brs -- --target roku:ecp
'
' On one machine:
'
'   rosock run examples/ssdp-discovery.brs -- --interface 127.0.0.1 --answer
'   rosock run examples/ssdp-discovery.brs -- --interface 127.0.0.1

function main(args as object) as integer
    options = { seconds: "3", target: "ssdp:all", interface: "0.0.0.0", answer: "false" }
    for each name in options
        if args.doesExist(name) then options[name] = args[name]
    end for
    m.ownType = "urn:rosock:device:example:1"
    m.newline = chr(13) + chr(10)
    m.port = CreateObject("roMessagePort")
    m.group = CreateObject("roSocketAddress")
    m.group.setAddress("239.255.255.250:1900")
    m.local = CreateObject("roSocketAddress")
    if not m.local.setAddress(options.interface) then return fail(options.interface + " is no IPv4 address", 2)
    m.local.setPort(0)
    if options.answer = "true" then return answer()
    seconds = options.seconds.toInt()
    if seconds < 1 then return fail("--seconds must be a number, at least 1", 2)
    return search(seconds, options.target)
end function

function search(seconds as integer, target as string) as integer
    socket = boundTo(m.local) ' Which also makes it send by that interface.
    if socket = invalid then return 1
    socket.setSendToAddress(m.group)
    socket.sendStr(message("M-SEARCH * HTTP/1.1", [
        "HOST: " + m.group.getAddress()
        "MAN: " + chr(34) + "ssdp:discover" + chr(34)
        "MX: 1"
        "ST: " + target
    ]))
    if not socket.eOK() then return fail("cannot send: error " + socket.status().toStr())

    clock = CreateObject("roTimespan")
    count = 0
    remaining = seconds * 1000
    while remaining > 0
        if wait(remaining, m.port) <> invalid
            text = socket.receiveStr(2048)
            if left(text, 13) = "HTTP/1.1 200 "
                print socket.getReceivedFromAddress().getAddress(); "  "; header(text, "ST"); "  "; header(text, "LOCATION")
                count++
            end if
        end if
        remaining = seconds * 1000 - clock.totalMilliseconds()
    end while
    if count = 1 then answers = " answer in " else answers = " answers in "
    print count.toStr(); answers; seconds.toStr(); " s"
    return 0
end function

' One address of this machine gets no group's datagrams, so one socket is bound to all of them. It is given those of every
' group that the machine has joined; and what joins is a socket on the wanted interface.
function answer() as integer
    everywhere = CreateObject("roSocketAddress")
    everywhere.setPort(m.group.getPort())
    socket = boundTo(everywhere)
    member = boundTo(m.local)
    if socket = invalid or member = invalid then return 1
    if not member.joinGroup(m.group) then return fail("cannot join the group: error " + member.status().toStr())
    print "Answering searches for "; m.ownType; " on "; m.group.getAddress()
    while true
        event = wait(0, m.port)
        if type(event) = "roSocketEvent" and event.getSocketID() = socket.getID()
            reply(socket)
        else
            member.receiveStr(2048) ' Whatever a stranger sends there would be reported again and again.
        end if
    end while
end function

sub reply(socket as object)
    text = socket.receiveStr(2048)
    target = header(text, "ST")
    if left(text, 9) <> "M-SEARCH " or (target <> m.ownType and target <> "ssdp:all") then return
    from = socket.getReceivedFromAddress()
    socket.setSendToAddress(from)
    socket.sendStr(message("HTTP/1.1 200 OK", [
        "CACHE-CONTROL: max-age=1800"
        "EXT:"
        "LOCATION: http://" + ownHost() + ":8060/"
        "ST: " + m.ownType
        "USN: uuid:rosock::" + m.ownType
    ]))
    print "answered "; from.getAddress()
end sub

' The address that others find this machine by.
function ownHost() as string
    host = m.local.getHostName()
    if host <> "0.0.0.0" then return host
    addresses = CreateObject("roDeviceInfo").getIPAddrs()
    for each name in addresses
        host = addresses[name]
    end for
    return host
end function

function boundTo(where as object) as dynamic
    socket = CreateObject("roDatagramSocket")
    socket.setMessagePort(m.port)
    socket.notifyReadable(true)
    if socket.setAddress(where) then return socket
    fail("cannot use " + where.getAddress() + ": error " + socket.status().toStr())
    return invalid
end function

function message(start as string, headers as object) as string
    text = start + m.newline
    for each line in headers
        text += line + m.newline
    end for
    return text + m.newline
end function

' A header's value, as far as it is visible ASCII: a stranger's answer must not reach the terminal as it is.
function header(text as string, name as string) as string
    found = CreateObject("roRegex", "^" + name + ": *([ -~]*)", "im").match(text)
    if found.count() < 2 then return "-"
    return found[1]
end function

function fail(message as string, status = 1 as integer) as integer
    print "ssdp-discovery: "; message
    return status
end function
