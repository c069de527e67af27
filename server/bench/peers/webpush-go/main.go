// What a program does that uses the Go library webpush-go: a loop over subscriptions in memory, so many at a time, kept
// connections over HTTP/2, nothing stored. A peer of the benchmark: an order as JSON comes on standard input, the
// result goes to standard output (see ../outsidePeer.ts). Built by whoever has the library, and named by --peer.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"
)

type order struct {
	CaFile            string
	SubscriptionsFile string
	Messages          int
	WarmUpMessages    int
	Concurrency       int
	Payload           string
	Subject           string
	VapidPublicKey    string
	VapidPrivateKey   string
}

type result struct {
	CPUMicrosecondsPerMessage float64 `json:"cpuMicrosecondsPerMessage"`
	MessagesPerSecond         float64 `json:"messagesPerSecond"`
}

func main() {
	var given order
	must(json.NewDecoder(os.Stdin).Decode(&given))
	subscriptions := read[[]webpush.Subscription](given.SubscriptionsFile)
	client := clientThatTrusts(given)
	send := func(index int) {
		answer, err := webpush.SendNotification([]byte(given.Payload), &subscriptions[index], &webpush.Options{
			HTTPClient:      client,
			Subscriber:      given.Subject,
			TTL:             86400,
			VAPIDPublicKey:  given.VapidPublicKey,
			VAPIDPrivateKey: given.VapidPrivateKey,
		})
		must(err)
		_, err = io.Copy(io.Discard, answer.Body)
		must(err)
		answer.Body.Close()
		if answer.StatusCode != http.StatusCreated {
			must(fmt.Errorf("HTTP %d", answer.StatusCode))
		}
	}
	sendAll(given.WarmUpMessages, given.Concurrency, send)
	cpuBefore, startedAt := cpuTime(), time.Now()
	sendAll(given.Messages, given.Concurrency, send)
	took, cpu := time.Since(startedAt), cpuTime()-cpuBefore
	must(json.NewEncoder(os.Stdout).Encode(result{
		CPUMicrosecondsPerMessage: float64(cpu.Microseconds()) / float64(given.Messages),
		MessagesPerSecond:         float64(given.Messages) / took.Seconds(),
	}))
}

func sendAll(messages, concurrency int, send func(index int)) {
	var next int64 = -1
	var lanes sync.WaitGroup
	for lane := 0; lane < concurrency; lane++ {
		lanes.Add(1)
		go func() {
			defer lanes.Done()
			for index := int(atomic.AddInt64(&next, 1)); index < messages; index = int(atomic.AddInt64(&next, 1)) {
				send(index)
			}
		}()
	}
	lanes.Wait()
}

func clientThatTrusts(given order) *http.Client {
	authority, err := os.ReadFile(given.CaFile)
	must(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: roots},
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: given.Concurrency,
	}}
}

// User and system time of this process.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func read[T any](file string) T {
	var value T
	text, err := os.ReadFile(file)
	must(err)
	must(json.Unmarshal(text, &value))
	return value
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
