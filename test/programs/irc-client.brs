' An IRC client without a message port: it blocks in connect, receive and send, and comes back when the connection is lost.
'
'   rosock run irc-client.brs -- server=127.0.0.1:6667 nick=rosock channel=#rosock
'
' silence: seconds without a word from the server until it is asked whether it is there. pause: milliseconds until the first
' attempt to come back; it doubles with each. attempts: how many fail until the program gives up.
'
' What others say in the channel is printed. Who says "!say TEXT" is repeated, and "!quit" ends the program.
sub Main(args as object)
    client = {
        server: args.server
        nick: args.nick
        channel: args.channel
        silence: NumberOr(args.silence, 120)
        connect: Client_Connect
        register: Client_Register
        stay: Client_Stay
        nextLine: Client_NextLine
        obey: Client_Obey
        hear: Client_Hear
        tell: Client_Tell
    }
    pause = NumberOr(args.pause, 1000)
    attempts = NumberOr(args.attempts, 5)
    failed = 0
    reason = ""
    while failed < attempts
        reason = client.connect()
        if reason = ""
            reason = client.stay()
            if client.welcome then failed = 0
        end if
        if reason = "quit" then exit while
        print "lost: "; reason
        sleep(pause << failed)
        failed++
    end while
    if reason = "quit" then print "bye" else print "gave up"
end sub

function NumberOr(text as dynamic, fallback as integer) as integer
    if text = invalid then return fallback
    return text.toInt()
end function

' Why it failed; "" when it did not.
function Client_Connect() as string
    m.unread = ""
    m.welcome = false
    m.asked = false
    m.suffix = ""
    address = CreateObject("roSocketAddress")
    address.setAddress(m.server)
    m.socket = CreateObject("roStreamSocket")
    m.socket.setSendToAddress(address)
    m.socket.setReceiveTimeout(m.silence)
    m.socket.setSendTimeout(m.silence)
    if not m.socket.connect() then return Trouble(m.socket)
    print "connected"
    m.tell("USER " + m.nick + " 0 * :" + m.nick)
    m.register()
    return ""
end function

sub Client_Register()
    m.tell("NICK " + m.nick + m.suffix)
end sub

' Until the connection ends: gives why it did.
function Client_Stay() as string
    reason = ""
    while reason = ""
        line = m.nextLine()
        if line = invalid
            reason = m.lost
        else
            reason = m.obey(ParseLine(line))
        end if
    end while
    m.socket.close()
    return reason
end function

' The next line without its end. Invalid when the connection has ended or the server is silent: m.lost says why.
function Client_NextLine() as dynamic
    while true
        ending = Instr(1, m.unread, Chr(10))
        if ending > 0
            line = Left(m.unread, ending - 1)
            m.unread = Mid(m.unread, ending + 1)
            if Right(line, 1) = Chr(13) then line = Left(line, Len(line) - 1)
            return line
        end if
        if Len(m.unread) > 4096
            m.lost = "a line without end"
            return invalid
        end if
        text = m.socket.receiveStr(512)
        if text <> ""
            m.unread += text
            m.asked = false
        else if m.socket.eSuccess()
            m.lost = "cut off"
            return invalid
        else if not m.socket.eAgain() or m.asked
            m.lost = Trouble(m.socket)
            return invalid
        else
            m.asked = true ' Silence: is it still there?
            m.tell("PING :there")
        end if
    end while
end function

' ":nick!user@host COMMAND first second :the rest"
function ParseLine(line as string) as object
    message = { nick: "", command: "", words: [] }
    rest = line
    if Left(rest, 1) = ":"
        space = Instr(1, rest, " ")
        if space = 0 then return message
        message.nick = Mid(rest, 2, space - 2).split("!")[0]
        rest = Mid(rest, space + 1)
    end if
    while rest <> ""
        space = Instr(1, rest, " ")
        if Left(rest, 1) = ":"
            message.words.push(Mid(rest, 2))
            rest = ""
        else if space = 0
            message.words.push(rest)
            rest = ""
        else
            if space > 1 then message.words.push(Left(rest, space - 1))
            rest = Mid(rest, space + 1)
        end if
    end while
    if message.words.count() > 0 then message.command = UCase(message.words.shift())
    return message
end function

' Does what a message asks for. Gives a reason to leave, or "".
function Client_Obey(message as object) as string
    words = message.words
    last = ""
    if words.count() > 0 then last = words.peek()
    if message.command = "PING"
        m.tell("PONG :" + last)
    else if message.command = "001"
        m.welcome = true
        m.tell("JOIN " + m.channel)
    else if message.command = "433" ' The nick is in use.
        m.suffix += "_"
        if Len(m.suffix) > 8 then return "no nick"
        m.register()
    else if message.command = "JOIN"
        print message.nick; " is in "; last
    else if message.command = "ERROR"
        return "error: " + last
    else if message.command = "PRIVMSG" and words.count() = 2
        return m.hear(message.nick, words[0], last)
    end if
    return ""
end function

function Client_Hear(nick as string, target as string, text as string) as string
    print "<"; nick; "> "; text
    if text = "!quit"
        m.tell("QUIT :bye")
        return "quit"
    end if
    if Left(text, 5) = "!say " then m.tell("PRIVMSG " + target + " :" + Mid(text, 6))
    return ""
end function

' A failure shows with the next line.
sub Client_Tell(line as string)
    m.socket.sendStr(line + Chr(13) + Chr(10))
end sub

function Trouble(socket as object) as string
    if socket.eAgain() then return "silence"
    if socket.eConnRefused() then return "refused"
    if socket.eConnReset() then return "reset"
    return "status " + socket.status().toStr()
end function
