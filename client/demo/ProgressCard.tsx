import type { ReactNode } from 'react';
import { describeSent, type SentDelivery, type SentNotification } from './sentNotification';

const STEPS = [
  ['acceptedAt', 'Accepted', 'by the push service'],
  ['displayedAt', 'Displayed', 'by the service worker'],
  ['clickedAt', 'Clicked', 'by you'],
] as const;

/** Step three: how far the notification got, browser by browser. */
export function ProgressCard(props: {
  id: string | undefined;
  sent: SentNotification | undefined;
}): ReactNode {
  const { id, sent } = props;
  const word = sent ? describeSent(sent) : id ? 'sending' : 'nothing sent yet';
  const deliveries = sent?.deliveries.edges.map((edge) => edge.node) ?? [];
  return (
    <section>
      <h2>
        What became of it{' '}
        <output id="status" data-testid="status" data-status={word} className="chip">
          {word}
        </output>
      </h2>
      {word === 'nobody' && <p className="hint">No browser of this user is subscribed.</p>}
      {deliveries.map((delivery) => (
        <DeliveryTrack key={delivery.id} delivery={delivery} />
      ))}
      {id && (
        <p className="hint">
          Notification <code id="notification-id">{id}</code>
        </p>
      )}
    </section>
  );
}

function DeliveryTrack({ delivery }: { delivery: SentDelivery }): ReactNode {
  const failure = ['PENDING', 'ACCEPTED'].includes(delivery.status) ? '' : delivery.status.toLowerCase();
  return (
    <figure>
      <figcaption>
        {delivery.pushService}
        {failure && ` · ${failure} ${delivery.reason ?? ''}`}
        {delivery.dismissedAt && ' · dismissed'}
      </figcaption>
      <ol className="track">
        {STEPS.map(([member, word, by]) => (
          <li key={member} data-done={delivery[member] !== null}>
            <strong>{word}</strong>
            <small>{delivery[member] ? clock(delivery[member]) : by}</small>
          </li>
        ))}
      </ol>
    </figure>
  );
}

/** Local time with milliseconds, for the difference between two steps is far below a second. */
function clock(dateTime: string): string {
  const options = {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  } as const;
  return new Date(dateTime).toLocaleTimeString('en-GB', options);
}
