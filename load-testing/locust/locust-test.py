"""The journeys of the load-runner for Locust: the same requests in the same order, with the same pauses, under the same names.

    locust -f locust-test.py --host=http://localhost:9000
    locust -f locust-test.py --headless -u 100 -r 10 -t 5m --target load
    STAGED=1 locust -f locust-test.py --headless             100, then 500, then 1000 users
"""

import math
import os
import random
from datetime import date
from urllib.parse import quote

import gevent
import requests
from locust import FastHttpUser, LoadTestShape, events, task

# Accounts student1..studentN exist.
STUDENTS = int(os.environ.get("STUDENTS", "10000"))
# Seeded demo accounts share it.
PASSWORD = "flowchart"
# Factor on every duration of the stages.
SCALE = float(os.environ.get("SCALE", "1"))

# Pauses: log-normal, in seconds.
THINK_MEDIAN = 0.6
THINK_P95 = 1.5
THINK_SIGMA = math.log(THINK_P95 / THINK_MEDIAN) / 1.6448536269514722

# What a run is held to: share of failed requests, and percentiles in milliseconds.
TARGETS = {
    "smoke": {"failed": 0, "percentiles": {0.95: 500}},
    "load": {"failed": 0.01, "percentiles": {0.95: 1000}},
    "stress": {"failed": 0.03, "percentiles": {0.95: 2000}},
    "peak": {"failed": 0.05, "percentiles": {0.95: 3000}},
    "staged": {"failed": 0.05, "percentiles": {0.5: 500, 0.95: 2000, 0.99: 5000}},
}


class Catalogue:
    """What the system offers, as found by asking it: no code and no id is written down here."""

    def __init__(self, host):
        self.courses = []
        cursor = ""
        while cursor is not None:
            page = requests.get(f"{host}/courses?limit=100{cursor}", timeout=10).json()
            self.courses += page["items"]
            following = page["page"]["next"]
            cursor = None if following is None else f"&cursor={quote(following, safe='')}"
        self.degrees = requests.get(f"{host}/degrees?limit=100", timeout=10).json()["items"]
        if not self.courses or not self.degrees:
            raise RuntimeError(f"{host} lists nothing: seed it first")
        self.departments = sorted({course["department"] for course in self.courses})
        self.levels = sorted({course["level"] for course in self.courses})
        self.free = {course["code"]: course for course in self.courses if not course["prerequisites"]}


catalogue = None


@events.test_start.add_listener
def discover(environment, **_):
    global catalogue
    catalogue = Catalogue((environment.host or Visitor.host).rstrip("/"))


class Visitor(FastHttpUser):
    """Chooses a journey by weight, again and again; remembers its session and pages from one to the next."""

    host = os.environ.get("BASE_URL", "http://127.0.0.1:9000")
    network_timeout = 10
    connection_timeout = 10

    def on_start(self):
        self.username = None
        self.token = None
        self.seen = {}

    @task(6)
    def browse(self):
        """The list, a filter, the next page, a course by its code and by its id, what it requires."""
        self.revisit("listCourses", "/courses", {"courses are listed": contains('"items":[{')})
        if random.random() < 0.5:
            level = random.choice(catalogue.levels)
            self.filter("listCoursesByLevel", f"/courses?level={level}", "level", level)
        else:
            department = random.choice(catalogue.departments)
            path = f"/courses?department={quote(department, safe='')}"
            self.filter("listCoursesByDepartment", path, "department", department)
        if random.random() < 0.3:
            self.turn_the_page()
        course = random.choice(catalogue.courses)
        code, path = f'"code":"{course["code"]}"', f'/courses/{course["id"]}'
        self.ask(
            "getCourseByCode", f'/courses/code/{course["code"]}', {"the course of the code asked for": contains(code)}
        )
        self.ask("getCourse", path, {"the course of the id asked for": contains(code, course["id"])})
        self.ask(
            "getPrerequisites",
            f"{path}/prerequisites",
            {"prerequisites of the course asked for": contains(code, '"requires":[')},
        )

    def filter(self, name, path, key, value):
        def holds(answer):
            items = answer.json()["items"]
            return len(items) > 0 and all(course[key] == value for course in items)

        self.revisit(name, path, {f"only courses of the {key} asked for": holds})

    def turn_the_page(self):
        first = self.ask("listCourses", "/courses")
        if first.status_code != 200:
            return
        page = first.json()
        cursor = page["page"]["next"]
        if cursor is None:
            return
        before = f'"code":"{page["items"][0]["code"]}"'
        goes_on = {
            "the next page goes on where the first ended": lambda it: '"items":[{' in it.text and before not in it.text
        }
        self.ask("listCoursesNextPage", f"/courses?cursor={cursor}", goes_on)

    @task(2)
    def degrees(self):
        """The list, the Master of Computer Science or another, its requirements, constraints and flowchart."""
        self.revisit("listDegrees", "/degrees", {"degrees are listed": contains('"items":[{')})
        favourite = next((degree for degree in catalogue.degrees if degree["code"] == "MSCS"), None)
        degree = favourite if favourite and random.random() < 0.5 else random.choice(catalogue.degrees)
        code = degree["code"]
        self.revisit(
            "getDegreeByCode",
            f"/degrees/code/{code}",
            {"the degree of the code asked for": contains(f'"code":"{code}"')},
        )
        of_degree = f'"degreeId":"{degree["id"]}"'
        for name, part, start in (
            ("getRequirements", "requirements", '"requirements":['),
            ("getConstraints", "constraints", '"constraints":['),
            ("getFlowchart", "flowchart", '"layers":[['),
        ):
            self.ask(
                name,
                f'/degrees/{degree["id"]}/{part}',
                {f"{part} of the degree asked for": contains(of_degree, start)},
            )

    @task(2)
    def student(self):
        """Log in, look at profile, transcript and audit, change the plan, now and then log out."""
        if self.token is None and not self.log_in():
            return
        me = self.who_am_i()
        record = me and self.study(me)
        if record and random.random() < 0.4:
            self.change_plan(me, record)
        if self.token is not None and random.random() < 0.1:
            token, self.token = self.token, None
            self.request("logout", "POST", "/auth/logout", token=token, expected=(204,))

    def who_am_i(self):
        live = {"the session is live": lambda it: it.json()["authenticated"] is True}
        if not self.ask_as_student("getAuthStatus", "/auth/status", live):
            return None
        own = {"the profile is the student's own": lambda it: it.json()["username"] == self.username}
        profile = self.ask_as_student("getProfile", "/students/me", own)
        return profile and profile.json()

    def study(self, me):
        whole = {
            "the transcript has entries and credits": lambda it: isinstance(it.json()["entries"], list)
            and it.json()["creditsEarned"] >= 0
        }
        transcript = self.ask_as_student("getTranscript", "/students/me/transcript", whole)
        if not transcript:
            return None
        of_degree = {"the audit is of the student's degree": contains(f'"code":"{me["degreeCode"]}"')}
        if not self.ask_as_student("getAudit", "/students/me/audit", of_degree):
            return None
        return transcript.json()

    def change_plan(self, me, record):
        """Saves a small valid change. A second tab of the same student may save in between: read again, try once more."""
        own = {
            "the plan has an ETag and is the student's own": lambda it: it.headers.get("etag") is not None
            and it.json()["studentId"] == me["id"]
        }
        for _ in range(2):
            answer = self.ask_as_student("getPlan", "/students/me/plan", own)
            etag = answer and answer.headers.get("etag")
            if not etag or self.token is None:
                return
            plan = answer.json()
            terms = next_plan(me, record, plan)
            saved = self.request(
                "savePlan",
                "PUT",
                "/students/me/plan",
                token=self.token,
                headers={"If-Match": etag},
                body={"terms": terms},
                expected=(200, 412),
                checks={"the plan is saved as a new version": lambda it: is_saved(it, plan, terms)},
            )
            if saved.status_code != 412:
                return

    def log_in(self, username=None):
        self.username = username or f"student{random.randint(1, STUDENTS)}"
        answer = self.request(
            "login",
            "POST",
            "/auth/login",
            body={"username": self.username, "password": PASSWORD},
            checks={"login gives a token": lambda it: bool(it.json()["accessToken"])},
        )
        self.token = answer.json().get("accessToken") if answer.status_code == 200 else None
        return self.token is not None

    def ask_as_student(self, name, path, checks):
        """A read under the session's token. A dead session is noticed by its 401, and the same student logs in again, once."""
        for _ in range(2):
            if self.token is None and not self.log_in(self.username):
                return None
            answer = self.request(name, "GET", path, token=self.token, checks=checks)
            if answer.status_code == 200:
                return answer
            if answer.status_code != 401:
                return None
            self.token = None
        return None

    def ask(self, name, path, checks=None):
        return self.request(name, "GET", path, checks=checks)

    def revisit(self, name, path, checks):
        """As a browser asks for a page it may still have: with the ETag of the last time, when there was one."""
        etag = self.seen.get(path)
        headers = {} if etag is None else {"If-None-Match": etag}
        expected = (200,) if etag is None else (200, 304)
        answer = self.request(name, "GET", path, headers=headers, expected=expected, checks=checks)
        fresh = answer.headers.get("etag") if answer.status_code == 200 else None
        if fresh is not None:
            # A browser's cache keeps more; these are all that recur.
            if path not in self.seen and len(self.seen) >= 8:
                self.seen.clear()
            self.seen[path] = fresh
        return answer

    def request(self, name, method, path, *, token=None, headers=None, body=None, expected=(200,), checks=None):
        """Thinks, then asks. Fails on a status that is not expected, and on a 200 that is not right."""
        gevent.sleep(random.lognormvariate(math.log(THINK_MEDIAN), THINK_SIGMA))
        sent = {"Accept": "application/json", **(headers or {})}
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        with self.client.request(method, path, name=name, headers=sent, json=body, catch_response=True) as answer:
            if answer.status_code not in expected:
                answer.failure(f"status {answer.status_code}")
            elif answer.status_code == 200 and (wrong := failed_checks(answer, checks or {})):
                answer.failure(", ".join(wrong))
            else:
                answer.success()
        return answer


def failed_checks(answer, checks):
    def holds(check):
        try:
            return check(answer)
        except (KeyError, TypeError, ValueError):
            return False

    return [name for name, check in checks.items() if not holds(check)]


def contains(*texts):
    return lambda answer: all(text in answer.text for text in texts)


def next_plan(me, record, plan):
    """Takes out what an earlier visit put in, so that plans do not grow without end; else puts in a course that needs no other."""
    terms = [{"term": term["term"], "courses": term["courses"]} for term in plan["terms"]]
    if terms and len(terms[-1]["courses"]) == 1 and terms[-1]["courses"][0] in catalogue.free:
        return terms[:-1]
    taken = {entry["code"] for entry in record["entries"]} | {code for term in terms for code in term["courses"]}
    candidates = [
        code
        for code, course in catalogue.free.items()
        if course["level"] == me["level"]
        and course["credits"] <= 4
        and "FALL" in course["terms"]
        and code not in taken
    ]
    if not candidates:
        return terms
    year = max([date.today().year] + [int(one["term"][:4]) for one in record["entries"] + terms]) + 1
    return terms + [{"term": f"{year}-FALL", "courses": [random.choice(candidates)]}]


def is_saved(answer, before, terms):
    after = answer.json()
    return (
        after["version"] > before["version"]
        and str(after["version"]) in (answer.headers.get("etag") or "")
        and [term["courses"] for term in after["terms"]] == [term["courses"] for term in terms]
    )


class StagesShape(LoadTestShape):
    """100, then 500, then 1000 users. Only when STAGED is set: a shape would make Locust ignore -u, -r and -t."""

    abstract = not os.environ.get("STAGED")
    ramp = 30 * SCALE
    hold = 120 * SCALE
    levels = (100, 500, 1000)

    def tick(self):
        stage = int(self.get_run_time() // (self.ramp + self.hold))
        if stage >= len(self.levels):
            return None
        before = self.levels[stage - 1] if stage > 0 else 0
        return self.levels[stage], max(1, (self.levels[stage] - before) / self.ramp)


@events.init_command_line_parser.add_listener
def add_options(parser):
    parser.add_argument("--target", choices=sorted(TARGETS), default="staged", help="what the run is held to")


@events.quitting.add_listener
def judge(environment, **_):
    """Sets the exit code: 1 when a target was missed. A run without requests misses all."""
    total = environment.stats.total
    target = TARGETS[environment.parsed_options.target]
    missed = [] if total.num_requests > 0 else ["there were no requests"]
    failed, limit = total.fail_ratio, target["failed"]
    if not (failed < limit or failed == limit == 0):
        missed.append(f"{failed:.2%} failed, it has to be {f'below {limit:.0%}' if limit else 'none'}")
    for share, limit in target["percentiles"].items():
        actual = total.get_response_time_percentile(share) or 0
        if actual >= limit:
            missed.append(f"p{share * 100:.0f} was {actual:.0f} ms, it has to be below {limit} ms")
    for line in missed:
        print(f"target missed: {line}")
    environment.process_exit_code = 1 if missed else 0
