// Asks with net/http, and go-vcr writes the cassette.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/dnaeon/go-vcr/recorder"
)

type job struct {
	Base string
	Out  string
	Asks []struct {
		Method  string
		Path    string
		Fields  [][2]string
		Content *string
	}
}

func main() {
	var told job
	if err := json.NewDecoder(os.Stdin).Decode(&told); err != nil {
		panic(err)
	}
	recording, err := recorder.NewAsMode(strings.TrimSuffix(told.Out, ".yaml"), recorder.ModeRecording, nil)
	if err != nil {
		panic(err)
	}
	client := &http.Client{Transport: recording, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	for _, ask := range told.Asks {
		var content io.Reader
		if ask.Content != nil {
			content = strings.NewReader(*ask.Content)
		}
		request, err := http.NewRequest(ask.Method, told.Base+ask.Path, content)
		if err != nil {
			panic(err)
		}
		for _, line := range ask.Fields {
			if line[0] != "Accept-Encoding" { // or else Go leaves contents as they are
				request.Header.Add(line[0], line[1])
			}
		}
		response, err := client.Do(request)
		if err != nil {
			fmt.Fprintln(os.Stderr, ask.Method, ask.Path, err)
			continue
		}
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	if err := recording.Stop(); err != nil {
		panic(err)
	}
}
