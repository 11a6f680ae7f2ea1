' A chat for many: what one says is sent, line by line, to all others. Nobody waits for a slow reader: what it has not taken
' yet is kept for it, up to a limit, and past that it has to go.
'
'   rosock run examples/chat-server.brs
'   nc 127.0.0.1 54322                  in several terminals

function main(args as object) as integer
    host = "127.0.0.1"
    number = "54322"
    if args.host <> invalid then host = args.host
    if args.port <> invalid then number = args.port
    address = CreateObject("roSocketAddress")
    if not address.setAddress(host) then return fail(host + " is no IPv4 address and no host that can be found", 2)
    if number <> "0" and (number.toInt() < 1 or number.toInt() > 65535) then return fail("--port must be a number from 0 to 65535", 2)
    address.setPort(number.toInt())

    m.guests = {}
    m.mostUnsent = 256 * 1024
    m.longestLine = 8 * 1024
    port = CreateObject("roMessagePort")
    listener = CreateObject("roStreamSocket")
    listener.setMessagePort(port)
    listener.notifyReadable(true)
    if not listener.setAddress(address) or not listener.listen(128)
        return fail("cannot listen on " + address.getAddress() + ": error " + listener.status().toStr(), 1)
    end if
    bound = listener.getAddress()
    print "Chat on "; bound.getAddress(); ". Join it from several terminals:"
    print "    nc "; bound.getHostName(); bound.getPort()
    while true
        event = wait(0, port)
        if type(event) = "roSocketEvent"
            guest = m.guests[event.getSocketID().toStr()]
            if guest = invalid
                welcome(listener.accept())
            else
                serve(guest)
            end if
        end if
    end while
end function

sub welcome(socket as object)
    if socket = invalid then return
    guest = {
        socket: socket
        name: "guest " + socket.getID().toStr()
        begun: "" ' The beginning of a line whose end has not come yet.
        unsent: CreateObject("roByteArray")
    }
    socket.notifyReadable(true)
    m.guests[socket.getID().toStr()] = guest
    print guest.name; " has come from "; socket.getSendToAddress().getAddress(); "; "; m.guests.count().toStr(); " here"
end sub

' There is something to hear, or room to send, or an error. Trying what is not possible now does no harm.
sub serve(guest as object)
    text = guest.socket.receiveStr(4096)
    if text = "" and not guest.socket.eAgain()
        dismiss(guest, "it left")
        return
    end if
    lines = (guest.begun + text).split(chr(10)) ' A character that was cut in two is sent on whole.
    guest.begun = lines.pop()
    for each line in lines
        broadcast(guest, line)
    end for
    flush(guest)
    dismissIfInTrouble(guest)
end sub

sub broadcast(from as object, line as string)
    bytes = CreateObject("roByteArray")
    bytes.fromAsciiString(from.name + ": " + line + chr(10))
    for each id in m.guests.keys()
        guest = m.guests[id]
        if guest.name <> from.name
            guest.unsent.append(bytes)
            flush(guest)
            dismissIfInTrouble(guest)
        end if
    end for
end sub

' Sends what the system takes now. While something is left, an event will tell when there is room for more.
sub flush(guest as object)
    if guest.unsent.count() = 0 then return
    sent = guest.socket.send(guest.unsent, 0, guest.unsent.count())
    if sent > 0 then guest.unsent = guest.unsent.slice(sent)
    guest.socket.notifyWritable(guest.unsent.count() > 0)
end sub

sub dismissIfInTrouble(guest as object)
    if not guest.socket.eOK()
        dismiss(guest, "error " + guest.socket.status().toStr())
    else if guest.unsent.count() > m.mostUnsent
        dismiss(guest, "it reads too slowly")
    else if len(guest.begun) > m.longestLine
        dismiss(guest, "its line has no end")
    end if
end sub

sub dismiss(guest as object, why as string)
    m.guests.delete(guest.socket.getID().toStr())
    guest.socket.close()
    print guest.name; " is gone: "; why; "; "; m.guests.count().toStr(); " here"
end sub

function fail(message as string, status as integer) as integer
    print "chat-server: "; message
    return status
end function
