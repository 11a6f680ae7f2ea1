' Finds devices by SSDP: asks the group, and prints who answers.
'
'   rosock run search.brs message.brs -- target=roku:ecp seconds=3 most=10
'
' interface: the address of the network interface to ask on. group: another group than 239.255.255.250:1900.
sub Main(args as object)
    target = "ssdp:all"
    if args.target <> invalid then target = args.target
    milliseconds = 3000
    if args.seconds <> invalid then milliseconds = Int(Val(args.seconds) * 1000)

    most = 1000
    if args.most <> invalid then most = args.most.toInt()

    group = GroupAddress(args)
    port = CreateObject("roMessagePort")
    udp = BoundSocket(port, InterfaceOf(args), 0)
    if udp = invalid then return
    udp.setSendToAddress(group)
    udp.setMulticastTTL(2)
    udp.sendStr(SsdpMessage("M-SEARCH * HTTP/1.1", {
        HOST: group.getAddress()
        MAN: Chr(34) + "ssdp:discover" + Chr(34)
        MX: "1"
        ST: target
    }))
    if not udp.eOK()
        print "cannot send to "; group.getAddress(); ", status"; udp.status()
        return
    end if

    found = {}
    clock = CreateObject("roTimespan")
    left = milliseconds
    while left > 0 and found.count() < most
        event = wait(left, port)
        if type(event) = "roSocketEvent" and event.getSocketID() = udp.getID()
            answer = ParseMessage(udp.receiveStr(2048))
            if answer <> invalid and Left(answer.start, 13) = "HTTP/1.1 200 "
                name = HeaderOr(answer, "usn", udp.getReceivedFromAddress().getAddress())
                if not found.doesExist(name)
                    print name; " at "; HeaderOr(answer, "location", "?")
                end if
                found[name] = answer
            end if
        end if
        left = milliseconds - clock.totalMilliseconds()
    end while
    print found.count().toStr(); " found"
end sub
