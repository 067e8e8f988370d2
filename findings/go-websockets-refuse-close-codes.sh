#!/usr/bin/env bash
# Go github.com/gorilla/websocket 1.5.3 and github.com/gobwas/ws 1.5.0 (wsutil), clients, against a server that closes with 1012 (service
# restart), 1013 (try again later) and 1014 (bad gateway), codes of IANA's registry which RFC 6455 founded for that (7.4.2, 11.7).
#
# Expected: the client hears the code and comes back at once, later, or after the gateway's peer. Seen: gorilla calls 1014 a protocol error,
# answers the server with 1002 and gives its caller an error that is no CloseError, and so has no code; gobwas has no code for its caller with
# all three, since RFC 6455 itself does not list them. Codes from 4000 on reach the callers of both. So an agent
# that decides by the code takes "try again later" for a broken peer: what a client must understand is said by a code of 4xxx.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOPATH=$work/go GOFLAGS='-modcacherw -mod=mod'
cat >go.mod <<'MOD'
module ask

go 1.21

require (
	github.com/gobwas/ws v1.5.0
	github.com/gorilla/websocket v1.5.3
)
MOD
cat >main.go <<'GO'
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"github.com/gorilla/websocket"
)

func main() {
	answers := make(chan error)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		code, _ := strconv.Atoi(r.URL.Path[1:])
		socket, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			panic(err)
		}
		socket.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
		socket.SetReadDeadline(time.Now().Add(time.Second))
		_, _, err = socket.ReadMessage()
		socket.Close()
		answers <- err
	}))
	address := "ws" + strings.TrimPrefix(server.URL, "http")
	for _, code := range []string{"1012", "1013", "1014", "4001"} {
		socket, _, err := websocket.DefaultDialer.Dial(address+"/"+code, nil)
		if err != nil {
			panic(err)
		}
		_, _, err = socket.ReadMessage()
		var closed *websocket.CloseError
		fmt.Printf("gorilla, %s: %v, CloseError %t", code, err, errors.As(err, &closed))
		fmt.Printf(", answers %v\n", <-answers)
	}
	for _, code := range []string{"1012", "1013", "1014", "4001"} {
		conn, early, _, err := ws.Dial(context.Background(), address+"/"+code)
		if err != nil {
			panic(err)
		}
		var stream io.ReadWriter = conn
		if early != nil { // what came with the handshake
			stream = struct {
				io.Reader
				io.Writer
			}{io.MultiReader(early, conn), conn}
		}
		_, _, err = wsutil.ReadServerData(stream)
		var closed wsutil.ClosedError
		fmt.Printf("gobwas, %s: %v, ClosedError %t\n", code, err, errors.As(err, &closed))
		conn.Close()
		<-answers
	}
}
GO
go run . 2>log | tee seen
diff seen - <<'SEEN'
gorilla, 1012: websocket: close 1012, CloseError true, answers websocket: close 1012
gorilla, 1013: websocket: close 1013, CloseError true, answers websocket: close 1013
gorilla, 1014: websocket: bad close code 1014, CloseError false, answers websocket: close 1002 (protocol error): bad close code 1014
gorilla, 4001: websocket: close 4001, CloseError true, answers websocket: close 4001
gobwas, 1012: status code is not defined in spec, ClosedError false
gobwas, 1013: status code is not defined in spec, ClosedError false
gobwas, 1014: status code is not defined in spec, ClosedError false
gobwas, 4001: ws closed: 4001 , ClosedError true
SEEN
echo 'as described'
