# For bench:generator: Locust's fastest client, as fast as the connections go. Needs `pip install locust`.
from locust import FastHttpUser, constant, task


class Browser(FastHttpUser):
    wait_time = constant(0)

    @task
    def courses(self):
        self.client.get("/courses")
