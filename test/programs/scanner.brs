' Tells which TCP ports of hosts are open, many at a time, and what those say that speak first.
'
'   rosock run scanner.brs -- hosts=192.168.1.1,192.168.1.2 ports=22,80,8000-8100
'
' parallel: how many connects may be pending at once. timeout: milliseconds until one counts as silent. banner: milliseconds for
' an open port to say something.
sub Main(args as object)
    scanner = {
        port: CreateObject("roMessagePort")
        targets: Targets(args.hosts, args.ports)
        parallel: NumberOr(args.parallel, 64)
        timeout: NumberOr(args.timeout, 2000)
        banner: NumberOr(args.banner, 200)
        probes: {}
        counts: { open: 0, closed: 0, silent: 0 }
        total: 0
        start: Scanner_Start
        look: Scanner_Look
        hear: Scanner_Hear
        finish: Scanner_Finish
        expire: Scanner_Expire
    }
    clock = CreateObject("roTimespan")
    while scanner.targets.count() > 0 or scanner.probes.count() > 0
        while scanner.targets.count() > 0 and scanner.probes.count() < scanner.parallel
            scanner.start(scanner.targets.removeHead())
        end while
        pause = scanner.expire()
        if scanner.probes.count() > 0
            event = wait(pause, scanner.port)
            if type(event) = "roSocketEvent" then scanner.look(Stri(event.getSocketID()))
        end if
    end while
    counts = scanner.counts
    print scanner.total.toStr(); " ports:"; counts.open; " open,"; counts.closed; " closed,"; counts.silent; " silent"
end sub

function NumberOr(text as dynamic, fallback as integer) as integer
    if text = invalid then return fallback
    return text.toInt()
end function

' "a,b" and "80,8000-8010": a list of "a:80", "b:80", …
function Targets(hosts as string, ports as string) as object
    numbers = []
    for each part in ports.split(",")
        ends = part.split("-")
        for number = ends[0].toInt() to ends.peek().toInt()
            numbers.push(number)
        end for
    end for
    targets = CreateObject("roList")
    for each number in numbers
        for each host in hosts.split(",")
            targets.addTail(host + ":" + number.toStr())
        end for
    end for
    return targets
end function

sub Scanner_Start(target as string)
    m.total++
    address = CreateObject("roSocketAddress")
    socket = CreateObject("roStreamSocket")
    probe = { target: target, socket: socket, connected: false, heard: "", clock: CreateObject("roTimespan") }
    m.probes[Stri(socket.getID())] = probe
    if not address.setAddress(target)
        m.finish(probe, "silent")
        return
    end if
    socket.setMessagePort(m.port)
    socket.notifyWritable(true)
    socket.setSendToAddress(address)
    if not socket.connect() then m.finish(probe, "closed")
end sub

' Something has happened to a probe.
sub Scanner_Look(id as string)
    probe = m.probes[id]
    if probe = invalid then return
    if probe.connected
        m.hear(probe)
    else if probe.socket.isConnected()
        probe.connected = true
        probe.clock.mark()
        probe.socket.notifyWritable(false)
        probe.socket.notifyReadable(true)
    else if probe.socket.eConnRefused() or probe.socket.eConnReset()
        m.finish(probe, "closed")
    else if not probe.socket.eOK()
        m.finish(probe, "silent")
    end if
end sub

' The first line of what an open port says, or what has come of it when it ends.
sub Scanner_Hear(probe as object)
    text = probe.socket.receiveStr(256)
    probe.heard += text
    over = text = "" and not probe.socket.eAgain()
    if over or Instr(1, probe.heard, Chr(10)) > 0 or Len(probe.heard) >= 256 then m.finish(probe, "open")
end sub

sub Scanner_Finish(probe as object, state as string)
    m.counts[state] = m.counts[state] + 1
    m.probes.delete(Stri(probe.socket.getID()))
    probe.socket.close()
    print (probe.target + " " + state + " " + Visible(probe.heard)).trim()
end sub

' The first line, without control characters and not too long.
function Visible(text as string) as string
    ending = Instr(1, text, Chr(10))
    if ending > 0 then text = Left(text, ending - 1)
    return Left(CreateObject("roRegex", "[\x00-\x1f\x7f-\x9f]+", "").replaceAll(text, " "), 60)
end function

' Ends the probes whose time is over. How long the next one still has, in milliseconds.
function Scanner_Expire() as integer
    least = m.timeout
    for each id in m.probes.keys()
        probe = m.probes[id]
        limit = m.timeout
        if probe.connected then limit = m.banner
        left = limit - probe.clock.totalMilliseconds()
        if left > 0
            if left < least then least = left
        else if probe.connected
            m.finish(probe, "open")
        else
            m.finish(probe, "silent")
        end if
    end for
    return least
end function
