import { Button, Group, Select, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import type { NotificationPageQuery } from '../graphql/operations';
import { reasonInWords } from '../layout/reasons';
import { pushServiceLabel } from '../layout/words';
import { type DeliveryFilter, deliveryStatuses, everyDelivery, isNarrow } from './deliveryFilter';

type Outcomes = NonNullable<NotificationPageQuery['notification']>['outcomes'];

interface DeliveryFiltersProps {
  readonly filter: DeliveryFilter;
  readonly onChange: (filter: DeliveryFilter) => void;
  /** What there is to choose from. */
  readonly outcomes: Outcomes;
}

/** Narrows the deliveries down: by status, outcome, push service and user. */
export function DeliveryFilters({ filter, onChange, outcomes }: DeliveryFiltersProps): ReactNode {
  const put = (change: Partial<DeliveryFilter>) => onChange({ ...filter, ...change });
  const choice = (name: 'status' | 'pushService' | 'reason', every: string) => ({
    placeholder: every,
    size: 'xs',
    clearable: true,
    clearButtonProps: { 'aria-label': every },
    value: filter[name],
    onChange: (value: string | null) => put({ [name]: value }),
  });
  return (
    <Group gap="xs" mb="sm" className="filters">
      <Select
        aria-label="Only with this status"
        {...choice('status', 'every status')}
        data={deliveryStatuses.map((value) => ({ value, label: value.toLowerCase() }))}
      />
      <Select
        aria-label="Only with this outcome"
        {...choice('reason', 'every outcome')}
        data={options(outcomes, 'reason', filter.reason, reasonInWords)}
        comboboxProps={{ width: 340, position: 'bottom-start' }}
      />
      <Select
        aria-label="Only at this push service"
        {...choice('pushService', 'every push service')}
        data={options(outcomes, 'pushService', filter.pushService, pushServiceLabel)}
      />
      <TextInput
        aria-label="Only of this user"
        placeholder="user id"
        size="xs"
        value={filter.userId}
        onChange={(event) => put({ userId: event.currentTarget.value })}
      />
      {isNarrow(filter) && (
        <Button size="xs" variant="subtle" onClick={() => onChange(everyDelivery)}>
          Show all
        </Button>
      )}
    </Group>
  );
}

/** What occurs among the outcomes; what is chosen stays on the list when it occurs no more. */
function options(
  outcomes: Outcomes,
  name: 'reason' | 'pushService',
  chosen: string | null,
  label: (value: string) => string,
) {
  const values = new Set([...outcomes.map((outcome) => outcome[name]), ...(chosen ? [chosen] : [])]);
  values.delete('');
  return [...values].map((value) => ({ value, label: label(value) }));
}
