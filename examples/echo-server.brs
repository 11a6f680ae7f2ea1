' An echo server: what a client sends comes back to it. Built as the one on the reference page of roStreamSocket, with one
' port for all sockets and one wait() for all their events; what cannot be sent back at once is kept until it can.
'
'   npm start                           on 127.0.0.1:54321
'   npm start -- --port 0 --quiet       on a port that the system chooses
'   nc 127.0.0.1 54321                  talks to it

function main(args as object) as integer
    if args.help <> invalid then return help()
    options = { host: "127.0.0.1", port: "54321", quiet: "false" }
    if not readOptions(args, options) then return 2
    if not isPort(options.port) then return fail("--port must be a number from 0 to 65535, not """ + options.port + """")
    address = CreateObject("roSocketAddress")
    if not address.setAddress(options.host) then return fail("""" + options.host + """ is no IPv4 address and no host that can be found")
    address.setPort(options.port.toInt())
    server = {
        port: CreateObject("roMessagePort")
        listener: CreateObject("roStreamSocket")
        clients: {}
        buffer: CreateObject("roByteArray")
        quiet: options.quiet = "true"
    }
    server.listener.setMessagePort(server.port)
    server.listener.notifyReadable(true)
    if not server.listener.setAddress(address) or not server.listener.listen(128)
        return fail("cannot listen on " + address.getAddress() + ": error " + server.listener.status().toStr(), 1)
    end if
    bound = server.listener.getAddress()
    print "Echo server on "; bound.getAddress(); ": every line you send comes back. Talk to it from another terminal:"
    print "    nc "; bound.getHostName(); bound.getPort()
    while true
        event = wait(0, server.port)
        if type(event) = "roSocketEvent"
            client = server.clients[event.getSocketID().toStr()]
            if client = invalid
                welcome(server)
            else
                serve(server, client)
            end if
        end if
    end while
end function

sub welcome(server as object)
    socket = server.listener.accept() ' It has the listener's port.
    if socket = invalid then return
    socket.notifyReadable(true)
    server.clients[socket.getID().toStr()] = { socket: socket, unsent: invalid }
    if not server.quiet then print "accepted connection"; socket.getID(); " from "; socket.getSendToAddress().getAddress()
end sub

sub serve(server as object, client as object)
    socket = client.socket
    isOver = false
    if client.unsent <> invalid
        sendBack(client, client.unsent, client.unsent.count())
    else
        received = socket.receive(server.buffer, 0, 512)
        isOver = received = 0
        if received > 0
            if not server.quiet then print "echo "; quoted(server.buffer.slice(0, received).toAsciiString())
            sendBack(client, server.buffer, received)
        end if
    end if
    if isOver or not socket.eOK()
        if not server.quiet then print "closed connection"; socket.getID()
        server.clients.delete(socket.getID().toStr())
        socket.close()
    end if
end sub

' Sends, and keeps what the system does not take. Until that has gone nothing more is read from the client.
sub sendBack(client as object, bytes as object, length as integer)
    sent = client.socket.send(bytes, 0, length)
    if sent < 0 then sent = 0
    wasBehind = client.unsent <> invalid
    isBehind = sent < length
    client.unsent = invalid
    if isBehind then client.unsent = bytes.slice(sent, length)
    if isBehind = wasBehind then return
    client.socket.notifyReadable(not isBehind)
    client.socket.notifyWritable(isBehind)
end sub

' Takes the known options from the arguments; false, and a line that says why, when there are others.
function readOptions(args as object, options as object) as boolean
    for each name in args
        if name <> "argv"
            if not options.doesExist(name)
                fail("unknown option --" + name)
                return false
            end if
            options[name] = args[name]
        end if
    end for
    return true
end function

function isPort(text as string) as boolean
    number = text.toInt()
    return number >= 0 and number <= 65535 and number.toStr() = text
end function

function fail(message as string, status = 2 as integer) as integer
    print "echo-server: "; message
    return status
end function

function help() as integer
    print "Usage: npm start -- [options]"
    print
    print "Sends back to every client what it sends."
    print
    print "  --host ADDRESS   where to listen (127.0.0.1)"
    print "  --port NUMBER    0: the system chooses (54321)"
    print "  --quiet          says nothing of connections and data"
    print "  --help           shows this"
    return 0
end function

' Text that does a terminal no harm, whoever sent it.
function quoted(text as string) as string
    return "'" + CreateObject("roRegex", "[^ -~]", "").replaceAll(text, "?") + "'"
end function
