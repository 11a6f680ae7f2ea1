' An HTTP/1.1 server: one thread, one message port, one object per connection.
'
'   rosock run http-server -- port=8080 timeout=10
'
' port: 0 for one that the system chooses. timeout: seconds until a client that does nothing has to go.
sub Main(args as object)
    settings = { port: 8080, timeout: 10000 }
    if args.port <> invalid then settings.port = args.port.toInt()
    if args.timeout <> invalid then settings.timeout = Int(Val(args.timeout) * 1000)

    port = CreateObject("roMessagePort")
    listener = CreateObject("roStreamSocket")
    listener.setMessagePort(port)
    address = CreateObject("roSocketAddress")
    address.setAddress("127.0.0.1")
    address.setPort(settings.port)
    listener.setAddress(address)
    listener.notifyReadable(true)
    if not listener.listen(128)
        print "cannot listen on "; address.getAddress(); ", status"; listener.status()
        return
    end if
    print "listening on "; listener.getAddress().getAddress()

    ' What all connections share.
    m.counts = { "accepted": 0, "requests": 0, "refused": 0, "timed_out": 0 }
    m.pattern = NewPattern()
    m.connections = {}
    sweep = CreateObject("roTimespan")
    while true
        event = wait(PauseFor(settings.timeout), port)
        if type(event) = "roSocketEvent"
            id = event.getSocketID()
            if id = listener.getID()
                AcceptAll(listener, settings.timeout)
            else
                Serve(Stri(id))
            end if
        end if
        if sweep.totalMilliseconds() >= settings.timeout / 4
            sweep.mark()
            ExpireAll()
        end if
    end while
end sub

' How long the loop may sleep: for ever while nobody is connected.
function PauseFor(timeout as integer) as integer
    if m.connections.count() = 0 then return 0
    return timeout \ 4
end function

sub AcceptAll(listener as object, timeout as integer)
    socket = listener.accept()
    while socket <> invalid
        m.counts.accepted++
        socket.setNoDelay(true)
        socket.notifyReadable(true) ' It has the listener's port.
        m.connections[Stri(socket.getID())] = NewConnection(socket, timeout, m.counts)
        socket = listener.accept()
    end while
end sub

sub Serve(id as string)
    connection = m.connections[id]
    if connection = invalid then return
    connection.serve()
    if connection.closed then m.connections.delete(id)
end sub

sub ExpireAll()
    for each id in m.connections.keys()
        connection = m.connections[id]
        connection.expire()
        if connection.closed then m.connections.delete(id)
    end for
end sub
