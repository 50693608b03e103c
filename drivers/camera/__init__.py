"""The camera: where pictures come from, what a picture tells of the camera, and the thread that holds the newest good one."""
