' A device that is found by SSDP: tells that it is there, and answers who searches for it.
'
'   rosock run device.brs message.brs -- name=one seconds=60
'
' seconds: how long it stays; then it says goodbye. interface, group: as for search.brs.
sub Main(args as object)
    kind = "urn:rosock:device:test:1"
    usn = "uuid:" + args.name + "::" + kind
    group = GroupAddress(args)
    port = CreateObject("roMessagePort")
    ' One address of the machine gets no group's datagrams, so what listens is bound to all of them, and another, on the interface,
    ' joins.
    udp = BoundSocket(port, "0.0.0.0", group.getPort())
    member = BoundSocket(port, InterfaceOf(args), 0)
    if udp = invalid or member = invalid then return
    member.setSendToAddress(group)
    if not member.joinGroup(group)
        print "cannot join "; group.getAddress(); ", status"; member.status()
        return
    end if
    Announce(member, group, usn, kind, "ssdp:alive")
    print "there as "; usn

    milliseconds = 60000
    if args.seconds <> invalid then milliseconds = Int(Val(args.seconds) * 1000)
    clock = CreateObject("roTimespan")
    left = milliseconds
    while left > 0
        event = wait(left, port)
        if type(event) = "roSocketEvent"
            if event.getSocketID() = udp.getID()
                Hear(udp, usn, kind)
            else
                member.receiveStr(1) ' What a stranger sends there would be told again and again.
            end if
        end if
        left = milliseconds - clock.totalMilliseconds()
    end while
    Announce(member, group, usn, kind, "ssdp:byebye")
    member.dropGroup(group)
    print "gone"
end sub

sub Announce(socket as object, group as object, usn as string, kind as string, what as string)
    socket.sendStr(SsdpMessage("NOTIFY * HTTP/1.1", { HOST: group.getAddress(), NT: kind, NTS: what, USN: usn, LOCATION: Location() }))
end sub

function Location() as string
    return "http://127.0.0.1:8060/"
end function

sub Hear(udp as object, usn as string, kind as string)
    text = udp.receiveStr(2048)
    from = udp.getReceivedFromAddress()
    message = ParseMessage(text)
    if message = invalid
        print "nonsense from "; from.getAddress(); ","; Len(text)
        return
    end if
    if message.start <> "M-SEARCH * HTTP/1.1" then return
    if HeaderOr(message, "man", "") <> Chr(34) + "ssdp:discover" + Chr(34) then return
    target = HeaderOr(message, "st", "")
    if target <> kind and target <> "ssdp:all" then return
    udp.setSendToAddress(from)
    udp.sendStr(SsdpMessage("HTTP/1.1 200 OK", { "CACHE-CONTROL": "max-age=1800", EXT: "", LOCATION: Location(), ST: kind, USN: usn }))
    print "answered "; from.getAddress()
end sub
