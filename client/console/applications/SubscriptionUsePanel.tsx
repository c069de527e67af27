import { Progress, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { SubscriptionLimitsDocument } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { Panel } from '../layout/Panel';
import { QueryView } from '../layout/QueryView';
import { asShare } from '../layout/words';
import {
  type Fullness,
  fullnessOf,
  type LimitedApplication,
  refusalInWords,
  remedyFor,
  shareOf,
  useInWords,
} from './subscriptionLimit';

export const limitsRefreshMs = 60_000;

const colors: Record<Fullness, string> = { ROOMY: 'teal.6', NEARLY_FULL: 'yellow.6', FULL: 'red.6' };

/** How many browsers an application has of those that it may have, and what to do about it. */
export function SubscriptionUsePanel({ applicationId }: { applicationId: string }): ReactNode {
  const query = useApiQuery(SubscriptionLimitsDocument, {}, { refreshMs: limitsRefreshMs });
  return (
    <Panel title="Browsers of this application">
      <QueryView query={query} height={44}>
        {({ applications }) => {
          const application = applications.find(({ id }) => id === applicationId);
          return application && <SubscriptionUse application={application} />;
        }}
      </QueryView>
    </Panel>
  );
}

function SubscriptionUse({ application }: { application: LimitedApplication }): ReactNode {
  const { liveSubscriptions: live, subscriptionLimit: limit } = application;
  const fullness = fullnessOf(application);
  return (
    <>
      <Text size="sm" className="figure" mb={limit === null ? 0 : 6}>
        {useInWords(application)}
      </Text>
      {limit !== null && (
        <Progress
          value={100 * Math.min(1, shareOf(application))}
          color={colors[fullness]}
          aria-label={`Share of the limit: ${asShare(live, limit)}`}
        />
      )}
      {refusalInWords(application) && (
        <Text size="sm" mt="xs">
          {refusalInWords(application)} {remedyFor([application])}
        </Text>
      )}
    </>
  );
}
