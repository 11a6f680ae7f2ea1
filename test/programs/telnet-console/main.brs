' A console for several people at once, by telnet.
'
'   rosock run main.brs telnet.brs commands.brs -- port=2323
sub Main(args as object)
    port = CreateObject("roMessagePort")
    address = CreateObject("roSocketAddress")
    address.setAddress("127.0.0.1:" + args.port)
    listener = CreateObject("roStreamSocket")
    listener.setAddress(address)
    listener.setMessagePort(port)
    listener.notifyReadable(true)
    if not listener.listen(8)
        print "cannot listen on port "; args.port
        return
    end if
    print "listening on "; listener.getAddress().getAddress()

    m.guests = {}
    m.running = true
    while m.running
        event = wait(0, port)
        if type(event) = "roSocketEvent"
            id = event.getSocketID()
            if id = listener.getID()
                socket = listener.accept()
                if socket <> invalid
                    m.guests[Stri(socket.getID())] = NewTerminal(socket, OnLine)
                end if
            else
                guest = m.guests[Stri(id)]
                if guest <> invalid
                    guest.serve()
                    RemoveGone()
                end if
            end if
        end if
    end while
    for each id in m.guests.keys()
        m.guests[id].leave("the console ends")
    end for
    RemoveGone()
    listener.close()
    print "ended"
end sub

' A line may make others than the one that sent it leave.
sub RemoveGone()
    for each id in m.guests.keys()
        guest = m.guests[id]
        if guest.gone
            who = guest.name
            if who = "" then who = "somebody"
            print who; " left: "; guest.why
            m.guests.delete(id)
        end if
    end for
end sub

' A terminal's line: the first is a name, the others are commands. `m` is the global one, as in any plain function.
sub OnLine(guest as object, line as string)
    line = line.trim()
    if guest.name = ""
        if CreateObject("roRegex", "^[a-z][a-z0-9]{0,15}$", "i").isMatch(line)
            guest.name = line
            guest.prompt = line + "> "
            print line; " came"
        else
            guest.write("A letter, then letters and digits, 16 at most.")
        end if
    else if line <> ""
        words = line.tokenize(" ")
        verb = LCase(words.removeHead())
        table = Commands()
        command = table[verb]
        if command = invalid
            guest.write("No such command: " + verb + ". Try help.")
        else
            command(guest, Mid(line, Len(verb) + 1).trim())
        end if
    end if
end sub
