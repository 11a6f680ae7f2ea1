' A subscriber that does not know beforehand whether it will wait for events: it connects and says hello with a socket that blocks,
' gives it a port for the news, and takes the port away again where blocking is simpler.
'
' The server speaks in lines. First, "HELLO VERSION". Then, as it likes:
'
'   NEWS TEXT    is printed
'   REPORT N     N bytes are sent to it: 0, 1, … 250, 0, …
'   BYE          is the end
'
' greeting: seconds that the server has for its greeting. silence: milliseconds without news until it is asked whether it is there.
' times: how many times all that is done, one after another.
'
'   rosock run late-port.brs -- server=127.0.0.1:7001 greeting=30 silence=30000 times=1
sub Main(args as object)
    greeting = NumberOr(args.greeting, 30)
    silence = NumberOr(args.silence, 30000)
    address = CreateObject("roSocketAddress")
    if not address.setAddress(args.server)
        print "no such server: "; args.server
        return
    end if
    for time = 1 to NumberOr(args.times, 1)
        Subscribe(address, greeting, silence)
    end for
end sub

function NumberOr(text as dynamic, fallback as integer) as integer
    if text = invalid then return fallback
    return text.toInt()
end function

sub Subscribe(address as object, patience as integer, silence as integer)
    socket = CreateObject("roStreamSocket")
    socket.setSendToAddress(address)
    socket.setReceiveTimeout(patience)
    if not socket.connect()
        print "cannot connect, status"; socket.status()
        return
    end if
    greeting = ReceiveLine(socket)
    if Left(greeting, 6) <> "HELLO "
        print "no greeting: "; Visible(greeting)
        socket.close()
        return
    end if
    print "connected to version "; Visible(Mid(greeting, 7))
    socket.sendStr("SUBSCRIBE news" + Chr(10))

    ' From here on there is more to do than to wait for this server.
    port = CreateObject("roMessagePort")
    socket.setMessagePort(port)
    socket.notifyReadable(true)
    reason = Follow(socket, port, silence)
    socket.close()
    print "ended: "; reason
end sub

' One byte at a time, since what comes after the line is left for later.
function ReceiveLine(socket as object) as string
    line = ""
    while Len(line) < 100
        byte = socket.receiveStr(1)
        if byte = "" or byte = Chr(10) then exit while
        line += byte
    end while
    return line
end function

function Follow(socket as object, port as object, silence as integer) as string
    unread = ""
    asked = false
    while true
        event = wait(silence, port)
        if event = invalid
            if asked then return "silence"
            asked = true
            socket.sendStr("THERE?" + Chr(10))
        else if type(event) = "roSocketEvent"
            text = socket.receiveStr(4096)
            if text = "" and socket.eSuccess() then return "cut off"
            if not socket.eOK() then return "status" + Stri(socket.status())
            asked = false
            unread += text
            ending = Instr(1, unread, Chr(10))
            while ending > 0
                line = Left(unread, ending - 1)
                unread = Mid(unread, ending + 1)
                if line = "BYE" then return "bye"
                if Left(line, 5) = "NEWS " then print "news: "; Visible(Mid(line, 6))
                if Left(line, 7) = "REPORT "
                    size = Val(Mid(line, 8), 10)
                    if size < 1 or size > 67108864 then return "a report of no such size"
                    Report(socket, size)
                    socket.setMessagePort(port)
                    if not socket.eOK() then return "status" + Stri(socket.status())
                end if
                ending = Instr(1, unread, Chr(10))
            end while
            if Len(unread) > 8192 then return "a line without end"
        end if
    end while
end function

' All of it, however slowly the server reads: a socket without a port waits.
sub Report(socket as object, size as integer)
    block = CreateObject("roByteArray")
    for i = 0 to 251 * 256 - 1
        block.push(i mod 251)
    end for
    socket.setMessagePort(invalid)
    sent = 0
    while sent < size and socket.eOK()
        count = size - sent
        if count > block.count() then count = block.count()
        if socket.send(block, 0, count) = count then sent += count
    end while
    print "reported"; sent; " of"; size
end sub

' Control characters do not reach the terminal.
function Visible(text as string) as string
    return CreateObject("roRegex", "[\x00-\x1f\x7f]", "").replaceAll(text, "?")
end function
