' Tests of the echo server, that run on the box it is deployed to:
'
'   npm run deploy -- --host root@ADDRESS --app examples/echo-server.brs --health port:54321
'   npm run test:device -- --host root@ADDRESS --app examples/echo-server.brs \
'     --tests examples/on-the-box/echo.test.brs --library examples/on-the-box/tap.brs
'
' port: where it listens; 54321 unless it is given after --, as in -- port=7.
function Main(args as object) as integer
    port = 54321
    if args.port <> invalid then port = args.port.toInt()
    t = Tap()

    one = Connected(port)
    t.ok(one.isConnected(), "it accepts a connection")
    t.equal(Echo(one, "hello"), "hello", "what is sent comes back")

    two = Connected(port)
    t.equal(Echo(two, "to the other"), "to the other", "so it does for a second client")
    t.equal(Echo(one, "again"), "again", "and for the first one still")

    two.close()
    t.equal(Echo(one, "alone"), "alone", "one client leaves, the other stays")
    one.close()
    return t.finish()
end function

function Connected(port as integer) as object
    address = CreateObject("roSocketAddress")
    address.setAddress("127.0.0.1")
    address.setPort(port)
    socket = CreateObject("roStreamSocket")
    socket.setSendToAddress(address)
    socket.setReceiveTimeout(10)
    socket.connect()
    return socket
end function

' Sends a text, and gives as much as comes back. Waits for ten seconds at most.
function Echo(socket as object, text as string) as string
    socket.sendStr(text)
    answer = ""
    while Len(answer) < Len(text)
        part = socket.receiveStr(512)
        if part = "" then exit while
        answer += part
    end while
    return answer
end function
