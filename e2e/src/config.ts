/** The only reader of the environment here: where the stack under test listens; global-setup puts it there. */
const required = (variable: string): string => {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set: run the suite by \`npm test -- end-to-end\``);
  return value;
};

export const edgeUrl = (): string => `http://127.0.0.1:${required('EDGE_PORT')}`;

export const serviceUrl = (name: 'course' | 'degree' | 'student'): string =>
  `http://127.0.0.1:${required(`${name.toUpperCase()}_SERVICE_PORT`)}`;

/** Databases of the caller's own must not be what the tests write to. */
export const callerEnvironment: Readonly<NodeJS.ProcessEnv> = Object.fromEntries(
  Object.entries(process.env).filter(([variable]) => !/(DATABASE|REDIS)_URL$/.test(variable)),
);
