import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { PageHeader } from './PageHeader';

/** A page about something that is not there: says so, why that may be, and where to go on. */
export function Missing(props: { title: string; why: string; backTo: string; back: string }): ReactNode {
  return (
    <PageHeader title={props.title} about={props.why}>
      <Button component={Link} to={props.backTo} variant="default">
        {props.back}
      </Button>
    </PageHeader>
  );
}
