import { Badge, Code, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiKeysDocument, AuditLogDocument, type AuditLogQuery } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import type { Columns } from '../layout/column';
import { DataTable } from '../layout/DataTable';
import { Moment } from '../layout/Moment';
import { PageButtons } from '../layout/PageButtons';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { usePages } from '../layout/usePages';

type Entry = AuditLogQuery['auditLog']['edges'][number]['node'];

/** What admin keys changed, newest first. */
export function AuditPanel(): ReactNode {
  const pages = usePages();
  const query = useApiQuery(AuditLogDocument, { first: 20, after: pages.after }, { keepPrevious: true });
  const keys = useApiQuery(ApiKeysDocument, {});
  const nameOf = (id: string) => keys.data?.apiKeys.find((key) => key.id === id)?.name ?? id;
  const columns: Columns<Entry> = [
    { header: 'What', cell: ({ action, failed }) => <Action action={action} failed={failed} /> },
    {
      header: 'To what',
      cell: ({ subject }) => <Subject subject={subject} />,
      inCard: 'whole',
    },
    { header: 'By the key', cell: ({ apiKeyId }) => <span className="breakable">{nameOf(apiKeyId)}</span> },
    { header: 'When', cell: ({ at }) => <Moment at={at} isExact /> },
  ];
  return (
    <Panel title="Audit log">
      <QueryView
        query={query}
        empty={({ auditLog }) =>
          auditLog.edges.length === 0 && (
            <Nothing title="Nothing was changed yet">
              Keys that are made or revoked, settings and forgotten people are written down here.
            </Nothing>
          )
        }
      >
        {({ auditLog }) => (
          <>
            <DataTable
              label="Audit log, in a table"
              columns={columns}
              rows={auditLog.edges.map(({ node }) => node)}
              rowKey={({ at, action, subject }) => `${at} ${action} ${subject}`}
              minWidth={600}
            />
            <PageButtons pages={pages} pageInfo={auditLog.pageInfo} isWaiting={query.isPlaceholderData} />
          </>
        )}
      </QueryView>
    </Panel>
  );
}

function Subject({ subject }: { subject: string | null }): ReactNode {
  return subject === null ? '–' : <span className="breakable">{subject}</span>;
}

function Action({ action, failed }: { action: string; failed: boolean }): ReactNode {
  return (
    <Group gap="xs">
      <Code>{action}</Code>
      {failed && (
        <Badge color="red" variant="light" size="sm">
          failed
        </Badge>
      )}
    </Group>
  );
}
