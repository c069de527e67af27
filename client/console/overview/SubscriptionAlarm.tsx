import { Alert, Anchor, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { limitsRefreshMs } from '../applications/SubscriptionUsePanel';
import {
  alarmingOf,
  fullnessOf,
  type LimitedApplication,
  refusalInWords,
  remedyFor,
  useInWords,
} from '../applications/subscriptionLimit';
import { SubscriptionLimitsDocument } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { useSession } from '../session/session';

/** The rest is behind the link to all applications. */
const mostShown = 5;

/** Says which applications refuse new browsers, or soon will, and what to do about it. Nothing while all have room. */
export function SubscriptionAlarm(): ReactNode {
  const { may } = useSession();
  const query = useApiQuery(
    SubscriptionLimitsDocument,
    {},
    { refreshMs: limitsRefreshMs, enabled: may('admin') },
  );
  const alarming = alarmingOf(query.data?.applications ?? []);
  const [first] = alarming;
  if (!first) return null;
  const isFull = alarming.some((each) => fullnessOf(each) === 'FULL');
  return (
    <Alert
      role="status"
      variant="default"
      className="alarm"
      data-full={isFull}
      title={alarming.length === 1 ? titleOf(first) : `${alarming.length} applications are at their limits`}
    >
      {alarming.slice(0, mostShown).map((each) => (
        <Line key={each.id} application={each} />
      ))}
      {alarming.length > mostShown && (
        <Anchor component={Link} to="/applications" size="sm" underline="always">
          {alarming.length - mostShown} more
        </Anchor>
      )}
      <Text size="sm" mt={4}>
        {remedyFor(alarming)}
      </Text>
    </Alert>
  );
}

function titleOf(application: LimitedApplication): string {
  const { name } = application;
  switch (fullnessOf(application)) {
    case 'FULL':
      return `“${name}” has reached its limit of browsers`;
    case 'NEARLY_FULL':
      return `“${name}” has almost reached its limit of browsers`;
    case 'ROOMY':
      return `“${name}” accepts no new browsers at present`;
  }
}

function Line({ application }: { application: LimitedApplication }): ReactNode {
  const { viewer } = useSession();
  const { id, name } = application;
  return (
    <Text size="sm" className="breakable">
      <Anchor
        component={Link}
        to={id === viewer.applicationId ? '/settings' : `/applications/${id}`}
        size="sm"
        underline="always"
      >
        {name}
      </Anchor>
      : {useInWords(application)}. {refusalInWords(application)}
    </Text>
  );
}
