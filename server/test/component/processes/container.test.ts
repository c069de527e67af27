/** What the container files promise. The image itself is not built here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Service {
  readonly image: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: string[];
  readonly security_opt?: string[];
  readonly tmpfs?: string[];
  readonly mem_limit?: string;
  readonly logging?: { readonly options: Record<string, string> };
  readonly profiles?: string[];
  readonly depends_on?: Record<string, { readonly required?: boolean }>;
  readonly environment?: Record<string, string>;
  readonly volumes?: string[];
}

const root = join(__dirname, '../../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { services } = parse(read('docker/compose.yaml'), { merge: true }) as {
  services: Record<string, Service>;
};
const example = read('docker/.env.example');
const dockerfile = read('docker/Dockerfile');

test.each(Object.entries(services))('%s may do only what it needs', (_name, service) => {
  expect(service).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    mem_limit: expect.stringMatching(/^\d+g$/),
    logging: { options: { 'max-size': '10m', 'max-file': '5' } },
  });
  expect(service.tmpfs).toContain('/tmp');
});

test.each(['migrate', 'api', 'worker'])('%s does not run as root', (name) => {
  expect(services[name]?.user).toBe('node');
});

test('a database or broker of your own needs neither the server here nor its password', () => {
  expect(services).toMatchObject({ mysql: { profiles: ['mysql'] }, rabbitmq: { profiles: ['rabbitmq'] } });
  const needed = Object.values(services).flatMap((service) => Object.entries(service.depends_on ?? {}));
  const needsServer = needed.filter(([name]) => name === 'mysql' || name === 'rabbitmq');
  expect(needsServer.length).toBeGreaterThan(0);
  for (const [, { required }] of needsServer) expect(required).toBe(false);
  // Compose fills in the variables of services without an active profile, too
  expect(read('docker/compose.yaml')).not.toMatch(/(?<!\$)\$\{(MYSQL|RABBITMQ)_PASSWORD(:?\?|\})/);
  expect(example).toMatch(/^COMPOSE_PROFILES=mysql,rabbitmq$/m);
});

test('a container that is replaced leaves no volume behind', () => {
  expect(dockerfile).not.toMatch(/^VOLUME/m);
});

test.each(['migrate', 'api', 'worker'])('%s is given every variable of docker/.env', (name) => {
  const written = [...example.matchAll(/^(?:# )?(FANFARE_[A-Z_]+)=/gm)].map(([, each]) => each ?? '');
  const ofCompose = ['FANFARE_PUBLISH', 'FANFARE_FILES'];
  const ofImage = [...dockerfile.matchAll(/^(?:ENV| +) *(FANFARE_[A-Z_]+)=/gm)].map(([, each]) => each ?? '');
  const given = Object.keys(services[name]?.environment ?? {});
  expect(given.filter((each) => each !== 'NODE_ENV').sort()).toEqual(
    written.filter((each) => ![...ofCompose, ...ofImage].includes(each)).sort(),
  );
});

test.each(['migrate', 'api', 'worker'])('%s sees the files that its variables may name', (name) => {
  const [, folder] =
    /^\$\{FANFARE_FILES:-\.\/files\}:(\S+):ro$/.exec(services[name]?.volumes?.[0] ?? '') ?? [];
  const named = [...example.matchAll(/^# FANFARE_[A-Z_]+_FILE=(\S*)$/gm)].map(([, path]) => path ?? '');
  expect(named.length).toBeGreaterThan(6);
  for (const path of named) expect(path.startsWith(`${folder}/`)).toBe(true);
});

test('base images have an exact version', () => {
  const images = Object.values(services).map(({ image }) => image);
  const foreign = images.filter((image) => image !== 'fanfare:local');
  expect(foreign).toHaveLength(2);
  for (const image of foreign) expect(image).toMatch(/^[a-z]+:\d+\.\d+\.\d+$/);
  expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:\d+\.\d+\.\d+-bookworm-slim$/m);
  const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
  expect(new Set(bases)).toEqual(new Set([`\${NODE_IMAGE}`, 'manifests']));
  expect(dockerfile).toMatch(/^USER node$/m);
});

test('a release pins the base image and attaches a bill of materials', () => {
  const { jobs } = parse(read('.github/workflows/release.yml')) as {
    jobs: { release: { steps: { run?: string }[] } };
  };
  const commands = jobs.release.steps.map(({ run = '' }) => run).join('\n');
  expect(commands).toContain('npm run --silent sbom > fanfare.cdx.json');
  expect(commands).toContain('--build-arg "NODE_IMAGE=$NODE_IMAGE"');
  expect(commands).toMatch(/gh release create .* fanfare\.cdx\.json/);
});
