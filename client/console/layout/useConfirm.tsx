import { Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';

interface Confirmation {
  readonly title: string;
  readonly text: ReactNode;
  readonly act: string;
  readonly dangerous?: boolean;
  readonly onConfirm: () => void;
}

/** A dialog that asks before something that cannot be taken back: render `dialog`, call `ask`. */
export function useConfirm(confirmation: Confirmation): { ask: () => void; dialog: ReactNode } {
  const [opened, { open, close }] = useDisclosure(false);
  const confirm = () => {
    close();
    confirmation.onConfirm();
  };
  const dialog = (
    <Modal
      opened={opened}
      onClose={close}
      title={confirmation.title}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Text size="sm" mb="lg" component="div">
        {confirmation.text}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={close} data-autofocus>
          Not now
        </Button>
        <Button {...(confirmation.dangerous && { color: 'red' })} onClick={confirm}>
          {confirmation.act}
        </Button>
      </Group>
    </Modal>
  );
  return { ask: open, dialog };
}
