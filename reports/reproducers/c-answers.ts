/** How a program in C tells of its answers: a line for each that deviates, or KTAP as the kernel's selftests do. */

/** A way to tell. */
export interface Telling {
  includes: readonly string[]
  /** Needed by every program, before all else. */
  begins: string
  /** `report`, to which every answer goes. */
  report: string
  /** Statements of main before the first call, and after the last. */
  opens(answers: number): string[]
  closes: readonly string[]
}

/** One line for each answer that deviates, and none otherwise. */
export const inLines: Telling = {
  includes: ['stdlib.h'],
  begins: `static void give_up(const char *what)
{
	perror(what);
	exit(2);
}
`,
  report: `static int deviations;

static void report(int is_due, const char *call, const char *how)
{
	if (is_due)
		return;
	deviations++;
	printf("%s: %s\\n", call, how);
}
`,
  opens: () => [],
  closes: ['return deviations > 0;'],
}

/** KTAP, by tools/testing/selftests/kselftest.h. */
export const inKtap: Telling = {
  includes: [],
  begins: `static void give_up(const char *what)
{
	ksft_exit_skip("%s: %s\\n", what, strerror(errno));
}
`,
  report: `static void report(int is_due, const char *call, const char *how)
{
	if (!is_due)
		ksft_print_msg("%s\\n", how);
	ksft_test_result(is_due, "%s\\n", call);
}
`,
  opens: (answers) => ['ksft_print_header();', `ksft_set_plan(${answers});`],
  closes: ['ksft_finished();'],
}

interface Expectation {
  used: string
  text: string
}

/** What answers are compared by; the first is needed by the others. */
export const expectations: readonly Expectation[] = [
  {
    used: '',
    text: `static int is_due(int ret, int due)
{
	return (ret < 0 ? -errno : 0) == due;
}

static void expect(const char *call, int ret, int due)
{
	int came = ret < 0 ? -errno : 0, is_right = is_due(ret, due);
	char how[256];

	snprintf(how, sizeof(how), "answered %d (%s), expected %d (%s)",
		 came, came ? strerror(-came) : "ok", due, due ? strerror(-due) : "ok");
	report(is_right, call, how);
}
`,
  },
  {
    used: 'expect_value(',
    text: `static void expect_value(const char *call, int ret, int due, __u64 came, __u64 value)
{
	char how[256];

	if (!is_due(ret, due)) {
		expect(call, ret, due);
		return;
	}
	snprintf(how, sizeof(how), "gave 0x%llx, expected 0x%llx", (unsigned long long)came, (unsigned long long)value);
	report(came == value, call, how);
}
`,
  },
  {
    used: 'expect_bytes(',
    text: `static void expect_bytes(const char *call, int ret, int due, const void *came, const void *value, size_t size)
{
	if (!is_due(ret, due))
		expect(call, ret, due);
	else
		report(!memcmp(came, value, size), call, "gave another value");
}
`,
  },
  {
    used: 'may_go_on(',
    text: `/* Nobody has looked what kernels answer here; what comes after it is known for one answer alone. */
static int may_go_on(const char *call, int ret, int assumed)
{
	if (is_due(ret, assumed))
		return 1;
	fprintf(stderr, "%s: answered %d, which nobody has looked at; nothing after it is compared\\n",
		call, ret < 0 ? -errno : 0);
	return 0;
}
`,
  },
]
