// The server of Go's standard library: fileserver PORT DOCUMENTS
package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	http.Handle("/", http.FileServer(http.Dir(os.Args[2])))
	http.Handle("/moved", http.RedirectHandler("/a.txt", http.StatusMovedPermanently))
	http.HandleFunc("/no-content", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	})
	http.HandleFunc("/refused", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		}
	})
	http.HandleFunc("/cookies", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
		http.SetCookie(w, &http.Cookie{Name: "b", Value: "2", MaxAge: 60, HttpOnly: true})
		fmt.Fprint(w, "hello")
	})
	panic(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
