import { type FormEvent, type ReactNode, useState } from 'react';
import type { ApiAddress } from '../sdk/requestGraphql';
import { sendToUser } from './sentNotification';

/** Step two: what to say. The secret key in this page is a development server's; elsewhere a back end sends. */
export function SendCard(props: {
  api: ApiAddress;
  userId: string;
  onSent: (id: string) => void;
}): ReactNode {
  const { api, userId, onSent } = props;
  const [title, setTitle] = useState('Hear, hear!');
  const [body, setBody] = useState('This came all the way through the push service.');
  const [error, setError] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    setError('');
    sendToUser(api, userId, title, body).then(onSent, (cause: Error) => setError(cause.message));
  };
  return (
    <section>
      <h2>A notification</h2>
      <form onSubmit={send}>
        <label>
          Title
          <input
            id="title"
            data-testid="title"
            required
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
        </label>
        <label>
          Text
          <textarea
            id="body"
            data-testid="body"
            rows={2}
            value={body}
            onChange={(event) => setBody(event.target.value)}
          />
        </label>
        <div className="buttons">
          <button type="submit" id="send" data-testid="send" className="primary">
            Send to {userId || 'nobody'}
          </button>
        </div>
      </form>
      {error && (
        <p role="alert" id="send-error" data-testid="send-error" className="error">
          {error}
        </p>
      )}
    </section>
  );
}
