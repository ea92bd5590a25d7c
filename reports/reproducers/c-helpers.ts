/** Functions of a program in C, each of which is there only where a call needs it. */
import { background } from './c-background.ts'
import { callers, type Helper } from './c-callers.ts'

/** Pages may have 64 KiB; an area has one, and what is behind it is not mapped. */
const AREA = '0x10000'

/** In the order in which they stand in the program: each may call those before it. */
export const helpers: readonly Helper[] = [
  {
    used: 'data',
    includes: ['sys/mman.h', 'unistd.h'],
    text: `/* Arguments are in here, at its beginning or end; the page behind it is not mapped. */
static unsigned char *data;
/* The same bytes, read-only. */
static const unsigned char *readonly;

static void map_data(void)
{
	int memory = memfd_create("data", 0);

	data = mmap(NULL, 2 * ${AREA}, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory < 0 || ftruncate(memory, ${AREA}) || data == MAP_FAILED ||
	    mmap(data, ${AREA}, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, memory, 0) == MAP_FAILED)
		give_up("mmap");
	readonly = mmap(NULL, ${AREA}, PROT_READ, MAP_SHARED, memory, 0);
	if (readonly == MAP_FAILED)
		give_up("mmap");
}
`,
  },
  {
    used: 'unmapped',
    includes: ['sys/mman.h'],
    text: `/* Nothing is mapped here. */
static unsigned char *unmapped;

static void map_nothing(void)
{
	unmapped = mmap(NULL, ${AREA}, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (unmapped == MAP_FAILED)
		give_up("mmap");
}
`,
  },
  {
    used: 'guest',
    includes: ['sys/mman.h'],
    text: `/* Memory of the guest: 4 MiB at an address that block mappings are possible for. */
static unsigned char *guest;

static void map_guest(void)
{
	const uintptr_t size = 0x400000, block = 0x200000;
	unsigned char *at = mmap(NULL, size + block, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		give_up("mmap");
	guest = (unsigned char *)(((uintptr_t)at + block - 1) & ~(block - 1));
}
`,
  },
  {
    used: 'put_code(',
    includes: [],
    text: `/*
 * Writes what a guest executes, with its caches off at first: KVM cleans only pages that it maps for the guest, not those
 * that it has had since before. Byte by byte, because QEMU before 9.0 executes the former instructions where a vector
 * register was stored, as memcpy() does.
 */
static void put_code(unsigned char *to, const void *code, size_t size)
{
	uintptr_t type, line, at;

	for (size_t i = 0; i < size; i++)
		((volatile unsigned char *)to)[i] = ((const unsigned char *)code)[i];
	__asm__("mrs %0, ctr_el0" : "=r"(type));
	line = (uintptr_t)4 << (type >> 16 & 15);
	for (at = (uintptr_t)to & ~(line - 1); at < (uintptr_t)to + size; at += line)
		__asm__ volatile("dc civac, %0" : : "r"(at) : "memory");
	__asm__ volatile("dsb ish" : : : "memory");
	__builtin___clear_cache((char *)to, (char *)to + size);
}
`,
  },
  {
    used: 'event_fd(',
    includes: ['sys/eventfd.h'],
    text: `/* One of eight eventfds, made where it is first asked for. */
static int event_fd(int n)
{
	static int made[8];

	if (!made[n] && (made[n] = eventfd(0, EFD_CLOEXEC)) < 0)
		give_up("eventfd");
	return made[n];
}
`,
  },
  {
    used: 'map_run(',
    includes: ['sys/mman.h', 'unistd.h'],
    text: `/* What stands for the kvm_run of what is no vcpu. */
static struct kvm_run none;

static struct kvm_run *map_run(int vcpu_fd)
{
	struct kvm_run *run = mmap(NULL, sizeof(*run), PROT_READ | PROT_WRITE, MAP_SHARED, vcpu_fd, 0);

	return run == MAP_FAILED ? &none : run;
}

static void unmap_run(struct kvm_run *run)
{
	munmap(run, sizeof(*run));
}
`,
  },
  {
    used: 'map_page(',
    includes: ['sys/mman.h', 'unistd.h'],
    text: `/* A page of what a descriptor maps, or NULL: who touches one that is not there gets a SIGBUS. */
static unsigned char *map_page(int fd, long number, int flags)
{
	const int populate_write = 23; /* MADV_POPULATE_WRITE */
	void *page = mmap(NULL, 0x1000, PROT_READ | PROT_WRITE, flags, fd, number * 0x1000);

	if (page == MAP_FAILED)
		return NULL;
	if (!madvise(page, 0x1000, populate_write))
		return page;
	munmap(page, 0x1000);
	errno = EFAULT;
	return NULL;
}

static void unmap_page(unsigned char *page)
{
	if (page)
		munmap(page, 0x1000);
}
`,
  },
  {
    used: 'preferred_target(',
    includes: ['fcntl.h', 'sys/ioctl.h', 'unistd.h'],
    text: `/* What KVM_ARM_VCPU_INIT takes on this host for certain. */
static __u32 preferred_target(void)
{
	struct kvm_vcpu_init init = { .target = 0 };
	int kvm = open("/dev/kvm", O_RDWR);
	int vm = ioctl(kvm, KVM_CREATE_VM, 0);

	if (ioctl(vm, KVM_ARM_PREFERRED_TARGET, &init))
		give_up("KVM_ARM_PREFERRED_TARGET");
	close(vm);
	close(kvm);
	return init.target;
}
`,
  },
  ...callers,
  ...background,
  {
    used: 'made(',
    includes: ['unistd.h'],
    text: `/* The descriptor that a call made; where it failed the one from before. */
static int made(int ret, int fd, int before)
{
	if (ret < 0)
		return before;
	return fd > STDERR_FILENO ? fd : -1;
}
`,
  },
]
