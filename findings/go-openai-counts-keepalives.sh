#!/usr/bin/env bash
# Go github.com/sashabaranov/go-openai 1.43.0, a chat stream that is kept alive by comments (`: alive`) while the model or a tool is at work, and
# then answers.
#
# Expected: comments are skipped, however many, as they are what WHATWG recommends against proxies that drop silent connections. Seen:
# each line that is no data counts as an empty message, the comment and the blank line after it as two, and with more than 300 of them
# between two chunks Recv fails with "stream has sent too many empty messages": the answer, when it comes, is not read. At a comment each
# 15 s that is a silence of 37 minutes, at one each second 2.5. EmptyMessagesLimit in the client's configuration is the way out. A gateway
# for long turns sends comments seldom (30 s), or a chunk without content among them.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export GOPATH=$work/go GOFLAGS='-modcacherw -mod=mod'
cat >go.mod <<'MOD'
module ask

go 1.21

require github.com/sashabaranov/go-openai v1.43.0
MOD
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/sashabaranov/go-openai"
)

func main() {
	for _, answer := range []struct {
		what    string
		between string
	}{
		{"no comment", ""},
		{"149 comments", strings.Repeat(": alive\n\n", 149)},
		{"150 comments", strings.Repeat(": alive\n\n", 150)},
		{"290 comments, an empty chunk in the middle", strings.Repeat(": alive\n\n", 145) + chunk("") + strings.Repeat(": alive\n\n", 145)},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			fmt.Fprint(w, chunk("One "), answer.between, chunk("two."), "data: [DONE]\n\n")
		}))
		config := openai.DefaultConfig("none")
		config.BaseURL = server.URL
		request := openai.ChatCompletionRequest{Model: "m", Messages: []openai.ChatCompletionMessage{{Role: "user", Content: "Count."}}}
		stream, err := openai.NewClientWithConfig(config).CreateChatCompletionStream(context.Background(), request)
		if err != nil {
			panic(err)
		}
		text := ""
		for {
			part, err := stream.Recv()
			if err != nil {
				fmt.Printf("%s: %q, then %v\n", answer.what, text, err)
				break
			}
			text += part.Choices[0].Delta.Content
		}
		server.Close()
	}
}

func chunk(text string) string {
	return fmt.Sprintf(`data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":%q},"finish_reason":null}]}`+"\n\n", text)
}
GO
go run . 2>log | tee seen
diff seen - <<'SEEN'
no comment: "One two.", then EOF
149 comments: "One two.", then EOF
150 comments: "One ", then stream has sent too many empty messages
290 comments, an empty chunk in the middle: "One two.", then EOF
SEEN
echo 'as described'
