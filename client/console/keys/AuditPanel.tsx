import { Code, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiKeysDocument, AuditLogDocument } from '../graphql/operations';
import { useApiQuery } from '../graphql/useApi';
import { PageButtons } from '../layout/PageButtons';
import { Panel } from '../layout/Panel';
import { Nothing, QueryView } from '../layout/QueryView';
import { usePages } from '../layout/usePages';
import { WideTable } from '../layout/WideTable';
import { asInstant, fromNow } from '../layout/words';

/** What admin keys changed, newest first. */
export function AuditPanel(): ReactNode {
  const pages = usePages();
  const query = useApiQuery(AuditLogDocument, { first: 20, after: pages.after }, { keepPrevious: true });
  const keys = useApiQuery(ApiKeysDocument, {});
  const nameOf = (id: string) => keys.data?.apiKeys.find((key) => key.id === id)?.name ?? id;
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
            <WideTable label="Audit log, in a table" minWidth={520}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>When</Table.Th>
                  <Table.Th>What</Table.Th>
                  <Table.Th>To what</Table.Th>
                  <Table.Th>By the key</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {auditLog.edges.map(({ node }) => (
                  <Table.Tr key={`${node.at} ${node.action} ${node.subject}`}>
                    <Table.Td title={asInstant(node.at)}>{fromNow(node.at)}</Table.Td>
                    <Table.Td>
                      <Code>{node.action}</Code>
                    </Table.Td>
                    <Table.Td className="subject">{node.subject ?? '–'}</Table.Td>
                    <Table.Td>{nameOf(node.apiKeyId)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </WideTable>
            <PageButtons pages={pages} pageInfo={auditLog.pageInfo} />
          </>
        )}
      </QueryView>
    </Panel>
  );
}
