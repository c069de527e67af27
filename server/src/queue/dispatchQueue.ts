/**
 * The queue between the relay and the delivery workers. What enters: references to dispatches that are
 * due, a lane at a time. What leaves: the same references, at least once, to one worker each. What may
 * fail: the broker, at any moment; then a publish confirms less and a message comes again, but nothing is
 * thrown and nothing is lost, since the database holds the truth. Called by the relay, the workers,
 * `readyz` and the metrics; there is one engine over RabbitMQ and one inside the process.
 */
import type { Lane } from '../model/lane';

/** A reference to work: which dispatch row to take up, and the notification it belongs to. */
export interface DispatchMessage {
  dispatchId: number;
  notificationId: number;
}

/**
 * What a worker says of a message, and what becomes of it:
 *
 * | verdict       | means                                        | the queue                                   |
 * |---------------|----------------------------------------------|---------------------------------------------|
 * | `done`        | settled in the database, or nothing to do    | forgets the message                         |
 * | `later`       | not the message's fault: shutdown, no database | hands it out again, after a pause         |
 * | `dead`        | can never be handled                         | moves it to the dead letters                |
 * | (a rejection) | a bug, or a fault nobody foresaw             | logs, pauses, hands it out again; dead after 20 more |
 */
export type Verdict = 'done' | 'later' | 'dead';

/** Handles one message. Must be idempotent: the same message may come twice, even at the same time. */
export type DispatchHandler = (message: DispatchMessage) => Promise<Verdict>;

export interface Consumption {
  /**
   * Takes no new messages from now on and resolves when the handlers in flight have settled and their
   * verdicts are on the way to the broker. Messages handed out but not begun go back to the queue.
   */
  stop(): Promise<void>;
}

export interface DispatchQueue {
  /**
   * Offers messages to a lane and resolves with those that the queue holds for certain: confirmed by the
   * broker and routed to a queue. Never rejects, and settles within about 10 seconds for each few hundred
   * messages: without a broker, or while it blocks publishers, the answer is empty. A message that is not
   * in the answer may still have arrived, so publishing it again can make a duplicate.
   */
  publish(lane: Lane, messages: readonly DispatchMessage[]): Promise<DispatchMessage[]>;
  /**
   * Hands messages of a lane to a handler, at most `prefetch` (1..2000) at a time. Resolves at once, also
   * while the broker is away, and keeps consuming through reconnects, deleted queues and channel errors.
   */
  consume(lane: Lane, prefetch: number, handler: DispatchHandler): Promise<Consumption>;
  /** Messages of a lane that wait for a worker; undefined when it cannot be told now. */
  depth(lane: Lane): Promise<number | undefined>;
  /** Messages that were given up; undefined when it cannot be told now. */
  deadLetters(): Promise<number | undefined>;
  /** Whether the queue can publish and consume now, as far as is known. */
  readonly connected: boolean;
  /** Whether the broker refuses publishers for the moment (a memory or disk alarm). */
  readonly blocked: boolean;
  /** Calls the listener after each change of `connected` or `blocked`; returns what unsubscribes it. */
  onChange(listener: () => void): () => void;
  /** Stops what still consumes, as `Consumption.stop` does, and lets go of the broker. */
  close(): Promise<void>;
}
