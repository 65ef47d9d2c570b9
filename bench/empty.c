// Does nothing: what it costs to start is what is measured.
int main(void)
{
    return 0;
}
