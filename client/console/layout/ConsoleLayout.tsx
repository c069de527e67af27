import {
  ActionIcon,
  AppShell,
  Burger,
  Button,
  Group,
  NavLink,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { Link, useLocation } from 'react-router';
import { useSession } from '../session/session';
import { FanfareMark } from './FanfareMark';
import { Icon } from './icons';
import type { ConsolePage } from './pages';
import { useArrival } from './useArrival';

/** Header, navigation and the page; on a phone the navigation opens over it. */
export function ConsoleLayout(props: { pages: readonly ConsolePage[]; children: ReactNode }): ReactNode {
  const [opened, { toggle, close }] = useDisclosure(false);
  const { pathname } = useLocation();
  const burger = useRef<HTMLButtonElement>(null);
  useArrival('main');
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page means that the navigation has done its work
  useEffect(close, [pathname]);
  const leaveNavigation = () => {
    close();
    burger.current?.focus();
  };
  useHotkeys(opened ? [['Escape', leaveNavigation]] : []);
  return (
    <AppShell
      className="console"
      data-navigation={opened ? 'open' : 'closed'}
      header={{ height: 58 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'lg' }}
    >
      <a className="skip-link" href="#main">
        Skip to the page
      </a>
      <AppShell.Header>
        <ConsoleHeader opened={opened} toggle={toggle} burger={burger} />
      </AppShell.Header>
      <AppShell.Navbar p="sm" id="navigation">
        <ConsoleNavigation pages={props.pages} pathname={pathname} onChoose={close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <div className="page">{props.children}</div>
      </AppShell.Main>
    </AppShell>
  );
}

function ConsoleHeader(props: {
  opened: boolean;
  toggle: () => void;
  burger: RefObject<HTMLButtonElement | null>;
}): ReactNode {
  const { opened, toggle, burger } = props;
  const { viewer } = useSession();
  return (
    <Group h="100%" px="md" justify="space-between" wrap="nowrap">
      <Group gap="sm" wrap="nowrap">
        <Burger
          ref={burger}
          opened={opened}
          onClick={toggle}
          hiddenFrom="sm"
          size="sm"
          aria-label={opened ? 'Close navigation' : 'Open navigation'}
          aria-expanded={opened}
          aria-controls="navigation"
        />
        <FanfareMark size={32} />
        <Text fw={700} size="lg" lts="-0.01em">
          Fanfare
        </Text>
      </Group>
      <Group gap="xs" wrap="nowrap">
        <Text size="sm" c="dimmed" truncate maw={220} visibleFrom="xs" title="Application and key">
          {viewer.applicationName} · {viewer.name}
        </Text>
        <ColorSchemeButton />
      </Group>
    </Group>
  );
}

function ColorSchemeButton(): ReactNode {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={`Use ${other} colours`}
      onClick={() => setColorScheme(other)}
    >
      <Icon name={scheme === 'dark' ? 'sun' : 'moon'} size={18} />
    </ActionIcon>
  );
}

function ConsoleNavigation(props: {
  pages: readonly ConsolePage[];
  pathname: string;
  /** Also when it is the page that is there already. */
  onChoose: () => void;
}): ReactNode {
  const { signOut, viewer } = useSession();
  return (
    <>
      <nav aria-label="Console" className="navigation">
        {props.pages.map(({ path, label, icon }) => {
          const active = props.pathname.startsWith(`/${path}`);
          return (
            <NavLink
              key={path}
              component={Link}
              to={`/${path}`}
              onClick={props.onChoose}
              label={label}
              leftSection={<Icon name={icon} />}
              active={active}
              aria-current={active ? 'page' : undefined}
            />
          );
        })}
      </nav>
      <Text size="sm" c="dimmed" truncate px="md" py="xs" hiddenFrom="xs" title="Application and key">
        {viewer.applicationName} · {viewer.name}
      </Text>
      <Button
        variant="subtle"
        color="gray"
        justify="flex-start"
        leftSection={<Icon name="signOut" />}
        onClick={signOut}
      >
        Sign out
      </Button>
    </>
  );
}
